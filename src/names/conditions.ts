/** What may be wrong with a firewall, as status and the log name it. */

/** What keeps a condition from being true. */
export interface Problem {
  readonly condition: Condition;
  readonly reason: string;
  readonly message: string;
}

/** All are good when true. */
export const CONDITIONS = [
  'Converged',
  'StateReadable',
  'StateSaved',
  'Committed',
  'PolicyValid',
  'NobodyLockedOut',
  'HooksPresent',
  'SpoolReadable',
  'SpoolBounded',
  'FirewallReadable',
  'SetsUsable',
  'SavedRulesLoad',
  'FlowsEnded',
  'DriftWatched',
  'Uncontested',
  'OtherVariantClean',
  'Unlocked',
] as const;

export type Condition = (typeof CONDITIONS)[number];
