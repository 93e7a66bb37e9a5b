/**
 * A month that never was, for tests, the demonstration and pictures: five servers, 3,285 bans in force, 30 days of
 * history in git, drift, refused files, a policy. The same seed and end give the same month. No address is a real
 * host's: they are of nets for documentation, benchmarks and private use.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimChange } from '../../src/claims/diff.ts';
import { refusalText, type Refusal } from '../../src/domain/refusals.ts';
import type { FeedEvent } from '../../src/feed/event.ts';
import { eventLine } from '../../src/feed/event.ts';
import { eventsOfPass } from '../../src/feed/events-of-pass.ts';
import type { NetDrops } from '../../src/firewall/drops.ts';
import { appendLines } from '../../src/system/files/segments.ts';
import { isoTime } from '../../src/yaml/time.ts';
import { passOf } from '../status/pass-of.ts';
import { attacksOf, Chance, DAY_MS, HOUR_MS, type Attack } from './month-attacks.ts';
import { writeRollup } from './month-rollup.ts';
import { monthPolicy, monthStream, type Moment } from './month-stream.ts';

export const MONTH_BANS = 3_285;
export const MONTH_SERVERS = ['db', 'mail', 'shop', 'web1', 'web2'] as const;

/** Nets that the policy denies: they are bans too. */
const DENIED = 2;

/** Who has not been heard for nine days. */
export const SILENT_SERVER = 'shop';

export interface MonthOptions {
  /** When it ends, in milliseconds since 1970. */
  readonly end: number;
  readonly seed?: number;
}

export interface Month {
  readonly state: string;
  readonly rejected: string;
  readonly attacks: readonly Attack[];
  /** What a firewall would have counted of each ban in force. */
  readonly drops: readonly NetDrops[];
  readonly refused: readonly MonthRefused[];
  readonly drift: readonly MonthDrift[];
}

export interface MonthRefused {
  readonly time: number;
  readonly server: string;
  readonly name: string;
  readonly refusal: Refusal;
}

export interface MonthDrift {
  readonly time: number;
  readonly culprit: string;
  readonly line: string;
}

/**
 * Makes `state` with its history and its roll-up, `rejected`, and the feed in `events`, below the folder, which is the
 * runtime folder.
 */
export function makeMonth(folder: string, { end, seed = 1 }: MonthOptions): Month {
  const chance = new Chance(seed);
  const attacks = attacksOf(chance, { end, inForce: MONTH_BANS - DENIED });
  const drift = driftOf(chance, end);
  const refused = refusedOf(chance, end);
  const [state, rejected] = [join(folder, 'state'), join(folder, 'rejected')];
  writeState(state, { attacks, drift, end });
  writeRejected(rejected, refused);
  const recent = recentEvents({ attacks, drift, refused, end });
  appendLines(join(folder, 'events'), recent.map(eventLine), end);
  const month = { state, rejected, attacks, drift, refused, drops: dropsOf(chance, attacks, end) };
  writeRollup(month, end);
  return month;
}

interface Told {
  readonly attacks: readonly Attack[];
  readonly drift: readonly MonthDrift[];
  readonly end: number;
}

function writeState(state: string, { attacks, drift, end }: Told): void {
  mkdirSync(state, { recursive: true });
  const begin = end - 30 * DAY_MS;
  const edits: readonly Moment[] = [
    { time: begin - 60_000, message: 'Begin\n', files: { 'policy.yaml': monthPolicy(end, 'first') } },
    {
      time: begin + 11 * DAY_MS + 9 * HOUR_MS,
      author: 'Anna',
      message: 'Deny the net that comes back each week\n',
      files: { 'policy.yaml': monthPolicy(end, 'denied') },
    },
    {
      time: end - 3 * DAY_MS - 5 * HOUR_MS,
      author: 'Anna',
      message: 'Allow the auditors for two weeks\n',
      files: { 'policy.yaml': monthPolicy(end, 'allowed') },
    },
    ...drift.map(({ time, line }) => ({
      time,
      message: `Repair changes by another program\n\n${line}\n`,
      files: {},
    })),
  ];
  const git = (args: readonly string[], input?: Buffer): void => {
    const stdio = [input === undefined ? 'ignore' : 'pipe', 'ignore', 'inherit'] as const;
    execFileSync('git', ['-C', state, ...args], { stdio: [...stdio], ...(input !== undefined && { input }) });
  };
  git(['init', '--quiet', '--initial-branch=main', '--template=']);
  git(['-c', 'core.compression=1', 'fast-import', '--quiet'], monthStream(attacks, edits, end));
  git(['reset', '--quiet', '--hard']);
}

const REFUSALS: readonly (readonly [server: string, refusal: Refusal])[] = [
  ['web2', { code: 'incomplete', seconds: 60 }],
  ['mail', { code: 'not-utf8' }],
  ['db', { code: 'too-long' }],
  ['web1', { code: 'not-a-mapping' }],
];

function refusedOf(chance: Chance, end: number): readonly MonthRefused[] {
  return Array.from({ length: 23 }, (_, index) => {
    const [server, refusal] = chance.of(REFUSALS);
    const time = end - Math.floor(((index + chance.next()) / 23) * 30 * DAY_MS);
    return { time, server, name: `${time}000000-${1000 + index}-1.yaml`, refusal };
  }).sort((a, b) => a.time - b.time);
}

function writeRejected(rejected: string, refused: readonly MonthRefused[]): void {
  for (const { time, server, name, refusal } of refused) {
    const path = join(rejected, server, name);
    mkdirSync(join(rejected, server), { recursive: true });
    writeFileSync(path, 'intent: ban\n');
    const reason = `reason: ${refusalText(refusal)}`;
    writeFileSync(`${path}.reason`, `refused: ${isoTime(time)}\nfile: ${server}/${name}\n${reason}\n`);
  }
}

const CULPRITS = ['iptables', 'iptables', 'dockerd', 'ufw', 'firewalld'] as const;
const DEEDS = [
  'emptied fail2ban-sshd (1,204 rules)',
  'removed "-A INPUT -j fail2ban-postfix" from INPUT',
  'deleted fail2ban-nginx-http-auth (311 rules)',
] as const;

function driftOf(chance: Chance, end: number): readonly MonthDrift[] {
  return Array.from({ length: 14 }, (_, index) => {
    const time = end - Math.floor(((index + 0.3 + 0.5 * chance.next()) / 14) * 29 * DAY_MS);
    const culprit = chance.of(CULPRITS);
    const pid = 700 + Math.floor(chance.next() * 30_000);
    const took = 20 + Math.floor(chance.next() * 40);
    const line = `drift: ${culprit} (pid ${pid}) ${chance.of(DEEDS)}; restored in ${took} ms`;
    return { time, culprit, line };
  }).sort((a, b) => a.time - b.time);
}

/** Of the last day, as the feed still has them. */
function recentEvents({ attacks, drift, refused, end }: Told & Pick<Month, 'refused'>): readonly FeedEvent[] {
  const since = end - DAY_MS;
  const changes: (readonly [time: number, change: ClaimChange])[] = attacks.flatMap((attack) =>
    attack.hits.flatMap(({ server, since: time }) => {
      const { ip, jail, until, failures, reason } = attack;
      const named = { ip, server, jail };
      const banned = {
        kind: 'banned',
        ...named,
        since: time,
        until,
        details: { said: time, failures, reason },
      } as const;
      const ended = { kind: 'ended', ...named, why: 'expired' } as const;
      return [[time, banned] as const, [until, ended] as const];
    }),
  );
  const told = [
    ...changes.map(([time, change]) => [time, passOf({ enforcedAt: time, claimChanges: [change] })] as const),
    ...refused.map(({ time, ...each }) => [time, passOf({ enforcedAt: time, refused: [each] })] as const),
    ...drift.map(({ time, culprit, line }) => {
      const repair = { family: 'ipv4', changes: 1, culprits: [`${culprit} (pid 4711)`], line } as const;
      return [time, passOf({ enforcedAt: time, repairs: [repair] })] as const;
    }),
  ];
  return told
    .filter(([time]) => time > since && time <= end)
    .sort(([a], [b]) => a - b)
    .flatMap(([, pass]) => eventsOfPass(pass));
}

/** A few nets keep trying, most attackers give up. */
function dropsOf(chance: Chance, attacks: readonly Attack[], end: number): readonly NetDrops[] {
  return attacks
    .filter(({ until }) => until > end)
    .flatMap(({ ip, jail, isStubborn }) => {
      const packets = Math.floor(chance.next() ** 6 * (isStubborn ? 180_000 : 4_000));
      const { family, text } = ip;
      const drops = { packets, bytes: packets * (44 + Math.floor(chance.next() * 20)) };
      return packets === 0 ? [] : [{ ip: text, family, jail, chain: `fail2ban-${jail}`, ...drops }];
    });
}
