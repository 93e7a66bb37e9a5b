/** Those of all bans that somebody asks for, and in what order. */
import { contains, type Family, type Net } from '../../domain/net.ts';
import { sinceOf, untilOf, type Ban, type DropsOf } from './list-bans.ts';

export const SORTS = ['ip', 'since', 'until', 'packets'] as const;
export type Sort = (typeof SORTS)[number];

export interface Wanted {
  /** With what is inside of them, and what is around them. None: all. */
  readonly nets: readonly Net[];
  /** None: all. */
  readonly jails: readonly string[];
  /** Any of these claims it. None: all. */
  readonly servers: readonly string[];
  readonly family: Family | undefined;
}

/** Whether any is asked for. */
export function isNarrowed({ nets, jails, servers, family }: Wanted): boolean {
  return nets.length + jails.length + servers.length > 0 || family !== undefined;
}

interface Claimed {
  readonly net: Net;
  /** What is dropped for it, where that is wider. */
  readonly dropped?: Net;
  readonly jail: string;
  readonly servers: readonly string[];
}

/** Whether a claim of these servers on this net in this jail is meant. */
export function isWanted({ net, dropped = net, jail, servers }: Claimed, wanted: Wanted): boolean {
  return (
    (wanted.family === undefined || net.family === wanted.family) &&
    (wanted.jails.length === 0 || jail.split(',').some((each) => wanted.jails.includes(each))) &&
    (wanted.servers.length === 0 || servers.some((server) => wanted.servers.includes(server))) &&
    (wanted.nets.length === 0 || wanted.nets.some((each) => contains(dropped, each) || contains(each, net)))
  );
}

/** Those that are meant. */
export function selectBans(bans: readonly Ban[], wanted: Wanted): readonly Ban[] {
  if (!isNarrowed(wanted)) return bans;
  return bans.filter(({ net, dropped, jail, claims }) =>
    isWanted({ net, dropped, jail, servers: claims.map(({ server }) => server) }, wanted),
  );
}

/** By address as they come; the newest first, the first to end, or those that dropped most. */
export function sortBans(bans: readonly Ban[], sort: Sort, dropsOf: DropsOf): readonly Ban[] {
  if (sort === 'ip') return bans;
  const key = {
    since: (ban: Ban) => -(sinceOf(ban) ?? -Infinity),
    until: untilOf,
    packets: (ban: Ban) => -(dropsOf(ban)?.packets ?? -1),
  }[sort];
  return bans
    .map((ban) => ({ ban, key: key(ban) }))
    .sort((a, b) => (a.key === b.key ? 0 : a.key - b.key))
    .map(({ ban }) => ban);
}
