/** `banspool history [ADDRESS]`: who banned and unbanned it, when, from git. */
import type { World } from '../../../world/world.ts';
import { Ledger } from '../../../ledger/ledger.ts';
import { contains, type Net } from '../../../domain/net.ts';
import { liftWords } from '../../../domain/names.ts';
import type { Lift } from '../../../ledger/git/history.ts';
import { changeText } from '../../../ledger/commit-message.ts';
import { claimText } from '../../text/explain.ts';
import { policyEventText } from '../../text/policy-event-text.ts';
import { timeText, UTC, type Zone } from '../../../domain/words.ts';
import { liveClaims } from '../../../claims/live.ts';
import { EMPTY_STATE } from '../../../claims/state.ts';
import { BanspoolError } from '../../../system/error.ts';
import { addressOf } from '../../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { findHistory, type Entry } from '../../find-history.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { isoTime } from '../../../yaml/time.ts';

interface Options {
  readonly config: string;
  readonly limit?: string;
  readonly json?: boolean;
  readonly utc?: boolean;
}

const DEFAULT_LIMIT = 200;

export const addHistory: AddCommand = (program, context) => {
  withUtc(
    newCommand(
      program,
      'history [address]',
      'show bans and unbans from git, newest first; for an address include networks that contain it, for a network addresses inside it',
    ),
  )
    .option('--limit <entries>', `show at most this many entries (default: ${DEFAULT_LIMIT})`)
    .option('--json', 'print JSON')
    .action(async (address: string | undefined, options: Options) => {
      const { io } = context;
      const zone = zoneOf(io, options);
      const limit = limitOf(options.limit);
      const ip = address === undefined ? undefined : addressOf(address);
      const world = await openOwnersWorld(io, options.config);
      const { repository } = new Ledger(world);
      if (!repository.exists()) {
        throw new BanspoolError('io', `there is no state in ${repository.folder}`, {
          hint: 'the first pass creates it: systemctl start banspool-reconcile.service',
        });
      }
      const { entries, isCut } = await findHistory(repository, { ip, limit });
      if (options.json === true) {
        json(io, asJson(entries));
        return;
      }
      for (const entry of entries)
        io.out(`${timeText(entry.time, zone)}  ${textOf(entry, zone)}${sourceOf(entry, io)}\n`);
      if (isCut && options.limit === undefined)
        io.err(`banspool: hint: these are the newest ${limit}; --limit N shows more\n`);
      if (ip !== undefined) await tellOfRest(world, io, { ip, entries, zone });
    });
};

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text);
  throw new BanspoolError('usage', `--limit: "${text}" is not a valid number of entries`, {
    hint: 'use a whole number from 1 to 9999999',
  });
}

function textOf(entry: Entry, zone: Zone): string {
  if (entry.kind === 'claim') return changeText(entry.change, zone);
  if (entry.kind === 'lift') return liftText(entry.lift);
  return entry.kind === 'policyEdit' ? policyEventText(entry.event, zone) : entry.line;
}

/** `lift 203.0.113.7 in every jail by fw2/local`. */
function liftText({ ip, jail, server }: Lift): string {
  return `lift ${ip.text} in ${liftWords(jail)} by ${server}`;
}

/** The commit, and who made it where that was a person. */
function sourceOf(entry: Entry, io: Io): string {
  const author =
    entry.kind === 'claim' || entry.kind === 'lift'
      ? entry.author
      : entry.kind === 'policyEdit' && entry.event.author;
  const by = author === false || author === 'banspool' ? '' : `  by ${author}`;
  return paint(io, 'dim', `  ${entry.commit.slice(0, 8)}${by}`);
}

/** Each kind by itself, newest first; lines of one commit together. */
function asJson(entries: readonly Entry[]): Readonly<Record<string, unknown>> {
  return {
    events: entries.flatMap((entry) => {
      if (entry.kind !== 'claim' && entry.kind !== 'lift') return [];
      const { time, commit, author } = entry;
      const event = entry.kind === 'lift' ? 'lifted' : entry.change.kind;
      const { ip, jail, server } = entry.kind === 'lift' ? entry.lift : entry.change;
      const text = textOf(entry, UTC);
      return [{ time: isoTime(time), commit, author, event, ip: ip.text, jail, server, text }];
    }),
    repairs: linesByCommit(entries, 'repair'),
    policy: linesByCommit(entries, 'policy'),
    policyEdits: entries.flatMap((entry) => {
      if (entry.kind !== 'policyEdit') return [];
      const { time, until, ...rest } = entry.event;
      return [{ time: isoTime(time), ...rest, until: until === undefined ? null : isoTime(until) }];
    }),
  };
}

function linesByCommit(entries: readonly Entry[], kind: 'repair' | 'policy'): readonly unknown[] {
  const commits = new Map<string, { time: string; commit: string; lines: string[] }>();
  for (const entry of entries) {
    if (entry.kind !== kind) continue;
    const { commit, time, line } = entry;
    const known = commits.get(commit) ?? { time: isoTime(time), commit, lines: [] };
    known.lines.push(line);
    commits.set(commit, known);
  }
  return Array.from(commits.values());
}

/** That there is nothing, and what is claimed around the address and git does not tell of. */
async function tellOfRest(
  world: World,
  io: Io,
  { ip, entries, zone }: { readonly ip: Net; readonly entries: readonly Entry[]; readonly zone: Zone },
): Promise<void> {
  if (entries.length === 0) io.err(`banspool: the history has no entry for ${ip.text}\n`);
  const told = new Set(entries.map((entry) => (entry.kind === 'claim' ? entry.change.ip.text : '')));
  const loaded = await new Ledger(world).store.load();
  const state = loaded.kind === 'loaded' ? loaded.state : EMPTY_STATE;
  for (const claim of liveClaims(state, world.now())) {
    if (claim.ip.text === ip.text || told.has(claim.ip.text) || !contains(claim.ip, ip)) continue;
    io.err(
      `banspool: ${ip.text} is inside ${claim.ip.text} in ${claim.jail}: ${claimText(claim, zone)}; banspool history ${claim.ip.text}\n`,
    );
  }
}
