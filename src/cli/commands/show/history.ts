/** `banspool history [ADDRESS]`: who banned and unbanned it, when, and what else happened, from git. */
import type { World } from '../../../world/world.ts';
import { Ledger } from '../../../ledger/ledger.ts';
import { contains } from '../../../domain/net.ts';
import { claimText } from '../../text/explain.ts';
import { historyFields } from '../../text/history-fields.ts';
import { historyText } from '../../text/history-text.ts';
import { fit, printable } from '../../../domain/printable.ts';
import { timeText, type Zone } from '../../../domain/words.ts';
import { liveClaims } from '../../../claims/live.ts';
import { EMPTY_STATE } from '../../../claims/state.ts';
import { BanspoolError } from '../../../system/error.ts';
import { addressOf, claimantOf, countOf, jailOf } from '../../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { findHistory, type HistoryAsked, type HistoryEvent } from '../../history/find-history.ts';
import { pastTime } from '../../history/past-time.ts';
import { json, paint, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';

interface Options {
  readonly config: string;
  readonly limit?: string;
  readonly since?: string;
  readonly until?: string;
  readonly server?: string;
  readonly jail?: string;
  readonly json?: boolean;
  readonly utc?: boolean;
}

const DEFAULT_LIMIT = 200;

export const addHistory: AddCommand = (program, context) => {
  withUtc(
    newCommand(
      program,
      'history [address]',
      'show bans, unbans, repairs and policy edits from git, newest first; for an address include networks that contain it, for a network addresses inside it',
    ),
  )
    .option('--limit <events>', `show at most this many events (default: ${DEFAULT_LIMIT})`)
    .option('--since <time>', 'show only events after this: 2h (ago), 2026-11-28, "2026-11-28 14:05"')
    .option('--until <time>', 'show only events before this')
    .option('--server <name>', 'show only events of this server')
    .option('--jail <name>', 'show only events of this jail')
    .option('--json', 'print JSON')
    .action(async (address: string | undefined, options: Options) => {
      const { io } = context;
      const zone = zoneOf(io, options);
      const asked = askedOf(address, options, zone);
      const world = await openOwnersWorld(io, options.config);
      const { repository } = new Ledger(world);
      if (!repository.exists()) {
        throw new BanspoolError('io', `there is no state in ${repository.folder}`, {
          hint: 'the first pass creates it: systemctl start banspool-reconcile.service',
        });
      }
      const { events, isCut, leftOut } = await findHistory(repository, asked);
      if (options.json === true) json(io, { events: events.map(historyFields), more: isCut });
      else for (const event of events) io.out(`${lineOf(event, io, zone)}\n`);
      for (const what of leftOut)
        io.err(`banspool: warning: the changes of ${printable(what)} are too large to show\n`);
      if (isCut && options.limit === undefined)
        io.err(`banspool: hint: these are the newest ${asked.limit}; --limit N shows more\n`);
      if (events.length === 0 && options.json !== true) io.err(`banspool: ${nothingText(asked)}\n`);
      if (options.json !== true) await tellOfNets(world, io, { asked, events, zone });
    });
};

function askedOf(address: string | undefined, options: Options, zone: Zone): HistoryAsked {
  const { limit, since, until, server, jail } = options;
  const clock = { now: Date.now(), zone };
  return {
    ip: address === undefined ? undefined : addressOf(address),
    limit: limit === undefined ? DEFAULT_LIMIT : countOf('--limit', limit, 'events'),
    since: since === undefined ? undefined : pastTime('--since', since, clock),
    until: until === undefined ? undefined : pastTime('--until', until, clock),
    server: server === undefined ? undefined : claimantOf(server),
    jail: jail === undefined ? undefined : jailOf(jail),
  };
}

/** Narrower terminals have no room for commits, which --json tells too. */
const WIDTH_FOR_COMMITS = 110;

/** One line, also where it has to be cut for that; whole where a file or a program takes it. */
function lineOf(event: HistoryEvent, io: Io, zone: Zone): string {
  const { commit, author } = event;
  const { width = Infinity } = io;
  const by = author === 'banspool' ? '' : `  by ${printable(author)}`;
  const source = width < WIDTH_FOR_COMMITS ? by : `  ${commit.slice(0, 8)}${by}`;
  const words = `${timeText(event.time, zone)}  ${historyText(event, zone)}`;
  return `${fit(words, width - source.length)}${source === '' ? '' : paint(io, 'dim', source)}`;
}

function nothingText({ ip, since, until, server, jail }: HistoryAsked): string {
  const narrowed = [since, until, server, jail].some((each) => each !== undefined);
  const such = narrowed ? ' that matches the options' : '';
  return `the history has no event${ip === undefined ? '' : ` for ${ip.text}`}${such}`;
}

interface Told {
  readonly asked: HistoryAsked;
  readonly events: readonly HistoryEvent[];
  readonly zone: Zone;
}

/** What is claimed around the address, and the events do not tell of. */
async function tellOfNets(world: World, io: Io, { asked: { ip }, events, zone }: Told): Promise<void> {
  if (ip === undefined) return;
  const told = new Set(events.map((event) => (event.kind === 'claim' ? event.change.ip.text : '')));
  const loaded = await new Ledger(world).store.load();
  const state = loaded.kind === 'loaded' ? loaded.state : EMPTY_STATE;
  for (const claim of liveClaims(state, world.now())) {
    if (claim.ip.text === ip.text || told.has(claim.ip.text) || !contains(claim.ip, ip)) continue;
    io.err(
      `banspool: ${ip.text} is inside ${claim.ip.text} in ${claim.jail}: ${claimText(claim, zone)}; banspool history ${claim.ip.text}\n`,
    );
  }
}
