/**
 * What may be wrong with a firewall, as status and the log name it, and how each counts: in the one table that
 * `converged`, `healthy`, exit codes, the level in the log and the tries after a failure are read from.
 */

/** What keeps a condition from being true: a reason of those that the table has for it, and its words. */
export type Problem = {
  readonly [C in Condition]: {
    readonly condition: C;
    readonly reason: ReasonOf<C>;
    readonly message: string;
  };
}[Condition];

export type ReasonOf<C extends Condition> = (typeof MEANINGS)[C]['reasons'][number];

interface Meaning {
  /** Why it may be false: with the condition it is the code of a problem. */
  readonly reasons: readonly string[];
  /** While it is false, nobody can say that the firewall holds what it should. */
  readonly preventsConvergence: boolean;
  /** Status exits 1 and the log has an error, or neither: then nothing is wrong that an alarm should ring for. */
  readonly alarm: 'always' | 'never' | { readonly of: readonly string[] };
  /** The next pass may mend it by trying again, and comes sooner: always, or but for these reasons. */
  readonly tryAgain: 'always' | 'never' | { readonly except: readonly string[] };
  /**
   * What finds it. Until the next full pass, what only that looks for is as it was; status alone sees the controller.
   */
  readonly foundBy: 'every pass' | 'full pass' | 'status';
  /** How `banspool reconcile` ends with it. */
  readonly ending: Ending;
}

/** The worst first: of several, it is the one that a caller hears of. */
const ENDINGS = ['locked', 'notConverged', 'damaged', 'failed', 'done'] as const;

/** The name of an exit code. */
type Ending = (typeof ENDINGS)[number];

/** Of a condition that only tells: the firewall is as it should be, and a pass cannot mend it. */
const TELLS = {
  preventsConvergence: false,
  alarm: 'always',
  tryAgain: 'never',
  foundBy: 'every pass',
  ending: 'done',
} as const satisfies Omit<Meaning, 'reasons'>;

/** Of one without which it is not known what the firewall holds, or should hold. */
const PREVENTS = { ...TELLS, preventsConvergence: true, tryAgain: 'always' } as const satisfies Omit<
  Meaning,
  'reasons'
>;

/** All are good when true; in the order that status has them. */
const MEANINGS = {
  Converged: {
    ...PREVENTS,
    reasons: ['PassUnderWay', 'PassFailed', 'ApplyFailed', 'Contended'],
    ending: 'notConverged',
  },
  StateReadable: { ...PREVENTS, reasons: ['Damaged'], ending: 'damaged' },
  StateSaved: { ...TELLS, reasons: ['WriteFailed', 'ReadOnly'], tryAgain: 'always', ending: 'failed' },
  // Who checked out a commit goes back to a branch by himself.
  Committed: {
    ...TELLS,
    reasons: ['GitFailed', 'PackFailed', 'HistoryLost', 'Detached'],
    tryAgain: { except: ['Detached'] },
    ending: 'failed',
  },
  PolicyValid: { ...TELLS, reasons: ['Damaged'], ending: 'damaged' },
  NobodyLockedOut: { ...TELLS, reasons: ['PolicyDenies'] },
  // A program that makes it may be yet to start.
  HooksPresent: { ...TELLS, reasons: ['HookMissing'], alarm: 'never' },
  // Nobody is heard, or what is refused piles up: no server can bring these about, as it can a name in the spool.
  SpoolReadable: {
    ...TELLS,
    reasons: [
      'Missing',
      'FolderClosed',
      'Forbidden',
      'NotAServer',
      'CannotRemove',
      'CannotReject',
      'RejectedUnreadable',
    ],
    alarm: { of: ['Missing', 'RejectedUnreadable', 'CannotReject'] },
  },
  SpoolBounded: { ...TELLS, reasons: ['Overflow', 'CannotRemove'] },
  FirewallReadable: { ...TELLS, reasons: ['Noise', 'RawUnreadable'], alarm: 'never' },
  SetsUsable: { ...TELLS, reasons: ['InUse', 'NoIpset', 'NoCounters'], alarm: 'never' },
  SavedRulesLoad: { ...TELLS, reasons: ['SetMissing', 'BeyondNft'], foundBy: 'full pass' },
  FlowsEnded: { ...TELLS, reasons: ['ConntrackFailed'] },
  DriftWatched: { ...TELLS, reasons: ['NoMonitor'], alarm: 'never' },
  Uncontested: { ...TELLS, reasons: ['Fight'] },
  OtherVariantClean: {
    ...TELLS,
    reasons: ['Unreadable', 'Leftovers', 'FamilyNotNamed'],
    foundBy: 'full pass',
  },
  ListsFresh: {
    ...TELLS,
    reasons: ['Missing', 'Empty', 'Shrunk', 'Unreadable', 'TooLong', 'Stale', 'NothingYet', 'NotKept'],
  },
  EscalationComplete: { ...TELLS, reasons: ['MemoryFull'] },
  FleetReachable: { ...TELLS, reasons: ['HubNotReached', 'MoverSilent'] },
  FleetPublished: { ...TELLS, reasons: ['WriteFailed', 'TooLarge'], ending: 'failed' },
  PeersHeard: { ...TELLS, reasons: ['NothingThere', 'Silent'] },
  PeersTrusted: {
    ...TELLS,
    reasons: [
      'BadSignature',
      'Damaged',
      'OwnName',
      'OtherName',
      'Replayed',
      'Incomplete',
      'Unreadable',
      'BeyondLimits',
    ],
  },
  ExportsWritten: { ...TELLS, reasons: ['WriteFailed'] },
  Unlocked: { ...PREVENTS, reasons: ['HeldByAnother'], ending: 'locked' },
  ControllerRunning: { ...PREVENTS, reasons: ['NeverSeen', 'Stopped', 'Ended', 'Silent'], foundBy: 'status' },
} as const satisfies Readonly<Record<string, Meaning>>;

export type Condition = keyof typeof MEANINGS;

/** A status.json of another version may have names that this one does not know. */
const BY_NAME: ReadonlyMap<string, Meaning> = new Map(Object.entries(MEANINGS));

/** All, with what finds each. */
export const CONDITIONS: readonly Condition[] = Object.keys(MEANINGS).filter(
  (name): name is Condition => name in MEANINGS,
);

/** Those that a pass finds, as status.json has them. */
export const CONDITIONS_OF_PASSES: readonly Condition[] = CONDITIONS.filter(
  (name) => MEANINGS[name].foundBy !== 'status',
);

/** How a condition stands, as status.json has it. */
export interface ConditionState {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** How all conditions of passes stand where these are the problems. */
export function conditionsOf(
  problems: readonly Problem[],
): readonly (ConditionState & { type: Condition })[] {
  return CONDITIONS_OF_PASSES.map((type) => {
    const own = problems.filter(({ condition }) => condition === type);
    const [first] = own;
    if (first === undefined) return { type, status: 'True', reason: 'AsExpected', message: '' };
    const message = own.map((problem) => problem.message).join('; ');
    return { type, status: 'False', reason: first.reason, message };
  });
}

/** True of what keeps status from saying `converged` while it is false. */
export function preventsConvergence(condition: string): boolean {
  return BY_NAME.get(condition)?.preventsConvergence ?? false;
}

/** True of what is wrong, and lets `status` exit 0 all the same; in the log it is a warning. */
export function isHarmless(condition: string, reason: string): boolean {
  const { alarm = 'always' } = BY_NAME.get(condition) ?? {};
  return typeof alarm === 'string' ? alarm === 'never' : !alarm.of.includes(reason);
}

/** True of what the next pass may mend by trying again. */
export function isFailure({ condition, reason }: Problem): boolean {
  const { tryAgain }: Meaning = MEANINGS[condition];
  return typeof tryAgain === 'string' ? tryAgain === 'always' : !tryAgain.except.includes(reason);
}

/** True of what only a full pass looks for. */
export function isOfFullPass({ condition }: Problem): boolean {
  return MEANINGS[condition].foundBy === 'full pass';
}

/** How a single pass that found these ends. */
export function endingOf(problems: readonly Problem[]): Ending {
  const found = new Set<Ending>(problems.map(({ condition }) => MEANINGS[condition].ending));
  return ENDINGS.find((ending) => found.has(ending)) ?? 'done';
}
