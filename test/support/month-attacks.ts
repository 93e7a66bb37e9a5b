/** Who attacks in a made-up month: where, when, and which servers one after the other. */
import { netOf, type Net } from '../../src/domain/net.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** mulberry32: the same numbers for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  of<T>(all: readonly T[]): T {
    const one = all[this.below(all.length)];
    if (one === undefined) throw new Error('chance has nothing to choose from');
    return one;
  }
}

interface Hit {
  readonly server: string;
  readonly since: number;
}

/** One address in one jail. */
export interface Attack {
  readonly ip: Net;
  readonly jail: string;
  /** The server that banned it first, and those that did later. */
  readonly hits: readonly Hit[];
  readonly until: number;
  readonly failures: number;
  readonly reason: string;
  /** Of one of the nets that go on in spite of their bans. */
  readonly isStubborn: boolean;
}

interface AttackOptions {
  readonly end: number;
  /** How many are banned at the end. */
  readonly inForce: number;
}

/** Which servers have the jail, the most attacked first, and how often it is attacked. */
const JAILS = [
  { jail: 'sshd', weight: 50, servers: ['web1', 'web1', 'web2', 'db', 'mail', 'shop'] },
  { jail: 'postfix-sasl', weight: 18, servers: ['mail'] },
  { jail: 'nginx-http-auth', weight: 16, servers: ['web1', 'shop', 'web2'] },
  { jail: 'nginx-botsearch', weight: 12, servers: ['web2', 'web1', 'shop'] },
  { jail: 'mysqld-auth', weight: 4, servers: ['db'] },
] as const;

const REASONS = {
  sshd: 'Failed password for root',
  'postfix-sasl': 'SASL LOGIN authentication failed',
  'nginx-http-auth': 'user "admin" was not found',
  'nginx-botsearch': 'GET /wp-login.php',
  'mysqld-auth': 'Access denied for user',
} as const;

/** Of each hour of a day, in UTC: bots work at night, and people after lunch. */
const BY_HOUR = [5, 7, 9, 10, 9, 7, 4, 3, 2, 2, 3, 3, 4, 5, 6, 5, 4, 3, 3, 2, 2, 3, 3, 4];
/** Of each day of a week, from Sunday on. */
const BY_DAY = [5, 9, 10, 11, 10, 9, 6];

/** Each has one file of the state, mostly; an hour is of one of them, so that the history is made soon. */
const RANGES = ['100.64', '198.18', '172.16', '10.64'] as const;
const STUBBORN = ['100.64.9', '198.18.77', '172.16.200', '10.64.13'] as const;

/** After it the same range has its hour again. */
const TURN_MS = RANGES.length * HOUR_MS;
const DOCUMENTED = ['192.0.2', '203.0.113'] as const;

/** Ended ones, beside those in force. */
const ENDED_SHARE = 0.45;

/** All, with the first hits in order. */
export function attacksOf(chance: Chance, { end, inForce }: AttackOptions): readonly Attack[] {
  const addresses = new Set<string>();
  const attacks: Attack[] = [];
  const total = Math.round(inForce * (1 + ENDED_SHARE));
  while (attacks.length < total) {
    const since = momentOf(chance, end);
    const { text, isStubborn } = addressOf(chance, since);
    if (addresses.has(text)) continue;
    addresses.add(text);
    const isOver = attacks.length >= inForce;
    attacks.push(attackOf(chance, { ip: netOf(text), isStubborn, since, isOver, end }));
  }
  return attacks.sort((a, b) => (a.hits[0]?.since ?? 0) - (b.hits[0]?.since ?? 0));
}

interface Begun {
  readonly ip: Net;
  readonly isStubborn: boolean;
  readonly since: number;
  readonly isOver: boolean;
  readonly end: number;
}

function attackOf(chance: Chance, { ip, isStubborn, since, isOver, end }: Begun): Attack {
  const { jail, servers } = jailOf(chance);
  const silentSince = end - 9 * DAY_MS;
  const speaking = servers.filter((server) => server !== 'shop' || since < silentSince);
  const hits: Hit[] = [{ server: chance.of(speaking), since }];
  const until = isOver
    ? Math.min(end - 60_000, since + chance.of([1, 1, 1, 2, 6, 18]) * TURN_MS)
    : end + (0.5 + 40 * chance.next() ** 2) * DAY_MS;
  // An attacker who is dropped for all is seen by another server only where it was there already, or is behind NAT.
  for (const server of new Set(speaking)) {
    const later = since + chance.next() * 1_200_000 + (chance.next() < 0.6 ? 0 : chance.below(4) * TURN_MS);
    const mayBe = later < Math.min(until, end) && (server !== 'shop' || later < silentSince);
    if (mayBe && !hits.some((hit) => hit.server === server) && chance.next() < (isStubborn ? 0.4 : 0.07))
      hits.push({ server, since: Math.floor(later) });
  }
  const ordered = hits.sort((a, b) => a.since - b.since);
  const failures = 3 + chance.below(14);
  return { ip, jail, hits: ordered, until: Math.floor(until), failures, reason: REASONS[jail], isStubborn };
}

function jailOf(chance: Chance): (typeof JAILS)[number] {
  let left = chance.next() * JAILS.reduce((sum, { weight }) => sum + weight, 0);
  return JAILS.find(({ weight }) => (left -= weight) < 0) ?? JAILS[0];
}

/** By hour and weekday; more in the last days, and a wave twelve days ago. */
function momentOf(chance: Chance, end: number): number {
  if (chance.next() < 0.06) return Math.floor(end - 12 * DAY_MS - chance.next() * 3 * HOUR_MS);
  for (;;) {
    const time = Math.floor(end - 120_000 - chance.next() ** 1.15 * 30 * DAY_MS);
    const date = new Date(time);
    const weight = (BY_HOUR[date.getUTCHours()] ?? 0) * (BY_DAY[date.getUTCDay()] ?? 0);
    if (chance.next() * 110 < weight) return time;
  }
}

function addressOf(chance: Chance, since: number): { readonly text: string; readonly isStubborn: boolean } {
  const kind = chance.next();
  // Below it are hosts that the policy allows.
  const host = 20 + chance.below(235);
  const turn = Math.floor(since / HOUR_MS) % RANGES.length;
  if (kind < 0.1) return { text: `${STUBBORN[turn] ?? ''}.${host}`, isStubborn: true };
  if (kind < 0.13) return { text: `${chance.of(DOCUMENTED)}.${host}`, isStubborn: false };
  const hex = (): string => chance.below(65_536).toString(16);
  if (kind < 0.33) return { text: `2001:db8:${hex()}:${hex()}::${hex()}`, isStubborn: false };
  const range = RANGES[turn] ?? RANGES[0];
  const [first = '', second = ''] = range.split('.');
  return {
    text: `${first}.${Number(second) + (first === '198' ? chance.below(2) : chance.below(16))}.${chance.below(256)}.${host}`,
    isStubborn: false,
  };
}
