/** What happened in one hour, as the roll-up keeps it and pages read it. */

export interface Hour {
  /** Its beginning, in milliseconds since 1970. */
  readonly time: number;
  /** New bans, by who claimed them. */
  readonly bans: readonly BanCount[];
  /** Bans that ended. */
  readonly ended: number;
  /** How often somebody else's changes were taken back, by the program that made them. */
  readonly drift: readonly DriftCount[];
  /** Files; null where no controller looked on. So are the next three. */
  readonly refused: readonly RefusedCount[] | null;
  readonly packets: number | null;
  readonly bytes: number | null;
  /** From file to drop: counts by the bounds of src/status/histogram.ts, and one for what is beyond the last. */
  readonly latency: readonly number[] | null;
}

interface BanCount {
  readonly server: string;
  readonly jail: string;
  readonly count: number;
}

interface DriftCount {
  /** `iptables`; empty where nobody tells. */
  readonly culprit: string;
  readonly count: number;
}

interface RefusedCount {
  readonly server: string;
  readonly count: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The beginning of the day in UTC. */
export const dayOf = (time: number): number => time - (time % DAY_MS);
