/** What servers say of addresses: the records that the state holds. Times are milliseconds since 1970. */
import { compareTexts, liftNames } from '../domain/names.ts';
import { compareNets, type Net } from '../domain/net.ts';

/**
 * What one server says in one jail of one address. A claim without bans is a tombstone: it remembers until when
 * bans of the past do not count, so that a file that comes late, or twice, cannot bring one back.
 */
export interface Claim {
  readonly ip: Net;
  readonly server: string;
  readonly jail: string;
  /**
   * Newest first, and each older one ends later than all that are newer: what an unban of a moment between two of
   * them leaves is then known, whatever order they arrived in. There is nearly always one.
   */
  readonly bans: readonly Ban[];
  readonly details?: Details;
  /** Bans heard at or before this moment do not count. */
  readonly unbanned?: number;
  /** With `unbanned`: when it can no longer matter, because all that was ever claimed has ended by then. */
  readonly forget?: number;
}

export interface Ban {
  /**
   * Orders this against what else the server said: the intent's own time. Of what the jail's last snapshot held it is
   * its beginning: that it was heard again with each snapshot follows from being there still (see heardOf).
   */
  readonly heard: number;
  /** When the server began to ban; differs from `heard` only in what a snapshot told. */
  readonly since: number;
  /** Infinity: until unbanned. */
  readonly until: number;
}

/**
 * When the ban was last heard of. A snapshot ends what it does not hold, so what stood before it and stands still was
 * in it: a snapshot that says nothing new changes no claim.
 */
export function heardOf(ban: Pick<Ban, 'heard'>, { snapshot = -Infinity }: Pick<Jail, 'snapshot'>): number {
  return Math.max(ban.heard, snapshot);
}

/** What the newest ban intent said beside times; a snapshot, which has only times, leaves it. */
export interface Details {
  readonly said: number;
  readonly ports?: string;
  readonly protocols?: string;
  readonly failures?: number;
  readonly reason?: string;
  /** Of a ban that an operator tries: until when it lasts once he confirms it. */
  readonly ifConfirmed?: number;
}

/** What a server said of one of its jails as a whole. */
export interface Jail {
  /** From the last start, reload or snapshot that named ports. */
  readonly scope?: { readonly said: number; readonly ports: string; readonly protocols: string };
  /** When the newest was made: bans that came before this moment count only if it held them. */
  readonly snapshot?: number | undefined;
  /** Newest first. */
  readonly flushes: readonly Flush[];
  /** Newest first. */
  readonly stops: readonly number[];
}

interface Flush {
  readonly time: number;
  /** By the firewall's own clock: a stop that follows has its ten seconds from here. */
  readonly arrived: number;
}

export const EMPTY_JAIL: Jail = { flushes: [], stops: [] };

/** A claim's key in its shard. Joined, since V8 keeps a template's text as the tree of its parts: twice as much. */
export function claimKey({ ip, server, jail }: Key): string {
  return [ip.text, server, jail].join(' ');
}

/** By address, server and jail: the order in which claims are written and told. */
export function compareKeys(a: Key, b: Key): number {
  return compareNets(a.ip, b.ip) || compareTexts(a.server, b.server) || compareTexts(a.jail, b.jail);
}

/** Keys of all claims that remember a lift of this one, should that operator have lifted it. */
export function liftKeys({ ip, server, jail }: Key, lifter: string): readonly Key[] {
  return liftNames({ server, jail }).map((lift) => ({ ip, server: lifter, jail: lift }));
}

type Key = Pick<Claim, 'ip' | 'server' | 'jail'>;
