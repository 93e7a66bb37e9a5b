/** What one server says, once. The words are fail2ban's. */
import type { Net } from '../domain/net.ts';

/** Times are milliseconds since 1970; an end that never comes is Infinity. */
export type Intent = BanIntent | UnbanIntent | JailIntent | SnapshotIntent;

export interface BanIntent extends Scope {
  readonly intent: 'ban' | 'prolong';
  readonly jail: string;
  readonly ip: Net;
  readonly time: number;
  readonly until: number;
  readonly failures?: number;
  readonly reason?: string;
  /** An operator's, which ends at `until` unless he confirms it: its end then. */
  readonly ifConfirmed?: number;
}

export interface UnbanIntent {
  readonly intent: 'unban';
  /** `*` is every jail; only an operator may say so. */
  readonly jail: string;
  readonly ip: Net;
  readonly time: number;
  /** An operator's: of this server's claims alone. */
  readonly of?: string;
  /** An operator's: of everything that is claimed inside this network when it is taken in, too. */
  readonly within?: true;
}

interface JailIntent extends Scope {
  readonly intent: 'start' | 'reload' | 'stop' | 'flush';
  readonly jail: string;
  readonly time: number;
}

/** The whole truth of one jail on one server. */
export interface SnapshotIntent extends Scope {
  readonly intent: 'snapshot';
  readonly jail: string;
  readonly time: number;
  readonly bans: readonly SnapshotBan[];
  /** An operator's: bans beside all others, and so no whole truth. */
  readonly adds?: true;
  /** Of the bans that an operator adds. */
  readonly reason?: string;
}

export interface SnapshotBan {
  readonly ip: Net;
  readonly time: number;
  readonly until: number;
}

/** What traffic a ban is about, canonical text; absent is what the jail last said, or else all ports of tcp. */
export interface Scope {
  readonly ports?: string;
  readonly protocols?: string;
}
