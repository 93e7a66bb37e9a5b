/**
 * All that the page shows, as a plain value: amounts, times in milliseconds since 1970, and texts as their authors
 * wrote them. Nothing in it is escaped or put into words; the sections do that.
 */
import type { FeedEvent } from '../feed/event.ts';
import type { Histogram } from '../status/histogram.ts';
import type { ConditionRecord } from '../status/status-record.ts';

export interface Report {
  /** The name of this firewall. */
  readonly firewall: string;
  readonly version: string;
  readonly writtenAt: number;
  /** Without a new page after so many milliseconds, something is wrong with who writes it. */
  readonly oldAfterMs: number;
  /** A server that sends nothing for so many milliseconds is silent; Infinity: none ever is. */
  readonly silentAfterMs: number;
  /** A new page takes its place each minute; it is no copy that somebody asked for. */
  readonly isRenewed: boolean;
  readonly verdict: Verdict;
  readonly yesterday: Yesterday;
  readonly tiles: Tiles;
  /** Beginnings of the 24 hours that each number of a series is of, oldest first; the last ones end now. */
  readonly days: readonly number[];
  readonly byServer: readonly Series[];
  readonly byJail: readonly Series[];
  readonly drift: readonly DriftMark[];
  /** Bans by weekday, Monday first, and hour. */
  readonly week: readonly (readonly number[])[];
  readonly ahead: Ahead;
  /** Undefined where nobody counts packets. */
  readonly stubborn: readonly Stubborn[] | undefined;
  /** Chains whose bans nobody counts one by one. */
  readonly uncounted: readonly string[];
  readonly servers: readonly ServerLine[];
  /** Newest first. */
  readonly events: readonly FeedEvent[];
  readonly latency: Histogram;
  readonly bans: BanList;
  readonly policy: readonly PolicyLine[];
  readonly refused: readonly RefusedFile[];
  /** Those of policy.yaml. */
  readonly lists: readonly ListLine[];
  readonly conditions: readonly ConditionRecord[];
  readonly peers: readonly PeerLine[];
}

export interface Verdict {
  /** `attention`: the firewall is as it should be, and something needs somebody. */
  readonly level: 'well' | 'attention' | 'broken';
  /** Nothing is enforced: `bans` are those that would be. */
  readonly isObserving: boolean;
  readonly bans: number;
  /** When the last pass began; undefined before the first. */
  readonly checkedAt: number | undefined;
  /** Conditions that are false. */
  readonly problems: readonly ConditionRecord[];
  /** How many of them an alarm rings for: not those that are as they may be for a while. */
  readonly alarming: number;
  /** Servers of which nothing was heard for an hour. */
  readonly silent: readonly { readonly server: string; readonly heardAt: number }[];
}

/** The last 24 hours against the 24 hours before them. */
export interface Yesterday {
  readonly bans: Compared;
  readonly refused: Compared;
  readonly drift: Compared;
  /** Who changed the firewall in the last 24 hours. */
  readonly culprits: readonly string[];
  readonly policyEdits: number;
  /** The server with the most bans more than the day before, where there is one. */
  readonly rise: { readonly server: string; readonly bans: Compared } | undefined;
}

export interface Compared {
  readonly now: number;
  readonly before: number;
}

export interface Tiles {
  readonly bans: number;
  /** Different addresses and networks. */
  readonly addresses: number;
  readonly bansOfDay: number;
  /** Seconds from file to drop, of the last 24 h; undefined where there was none. */
  readonly median: number | undefined;
  /** Dropped in the last 24 h; undefined where nobody counts. */
  readonly dropped: { readonly packets: number; readonly bytes: number } | undefined;
  /** Addresses that two or more servers ban. */
  readonly shared: number;
  readonly endsSoon: readonly PolicyLine[];
  readonly refusedOfDay: number;
  readonly refusedKept: number;
}

export interface Series {
  readonly name: string;
  /** One a day. */
  readonly counts: readonly number[];
}

export interface DriftMark {
  /** The middle of its hour: the roll-up knows no minute. */
  readonly at: number;
  /** How often changes were taken back. */
  readonly repairs: number;
  readonly culprits: readonly string[];
}

export interface Ahead {
  readonly servers: readonly string[];
  /** Addresses that the server of the row banned first, and that the server of the column never had to ban. */
  readonly spared: readonly (readonly number[])[];
  /** Addresses that each server banned before all others. */
  readonly first: readonly number[];
}

export interface Stubborn {
  readonly ip: string;
  /** The network around it. */
  readonly net: string;
  /** Bans in that network. */
  readonly inNet: number;
  readonly jail: string;
  readonly servers: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly since: number | undefined;
}

export interface ServerLine {
  readonly name: string;
  readonly heardAt: number | undefined;
  readonly isSilent: boolean;
  readonly bans: number;
  readonly waiting: number;
  readonly moreWaiting: boolean;
  readonly refused: number;
  /** Bans of each of the days. */
  readonly days: readonly number[];
}

export interface BanList {
  readonly total: number;
  /** The newest, as many as the page has room for. */
  readonly shown: readonly BanLine[];
}

export interface BanLine {
  readonly ip: string;
  readonly jail: string;
  readonly servers: readonly string[];
  readonly since: number | undefined;
  /** Infinity: until unbanned. */
  readonly until: number;
}

export interface PolicyLine {
  readonly list: 'allow' | 'deny';
  readonly net: string;
  readonly note: string | undefined;
  readonly until: number;
}

export interface RefusedFile {
  readonly server: string;
  readonly path: string;
  readonly reason: string;
  readonly at: number;
  /** Of this server, with this one. */
  readonly kept: number;
}

interface PeerLine {
  readonly name: string;
  readonly publishedAt: number | undefined;
  /** That are enforced here. */
  readonly bans: number;
  readonly refused: number;
}

/** A list of others that is dropped. */
export interface ListLine {
  readonly name: string;
  readonly note: string | undefined;
  /** What is dropped of it. */
  readonly nets: number;
  readonly entries: number;
  /** When its file was written, or its server said last that it is the newest; undefined: never. */
  readonly confirmedAt: number | undefined;
  /** The reason of `ListsFresh`, where that is false for it. */
  readonly trouble?: string | undefined;
}
