/** Reads out of patches what became of the policy: edited, tried, kept or taken back, by whatever hand. */
import { readTrial } from './trial.ts';

export interface PolicyEvent {
  readonly what: 'edited' | 'tried' | 'kept' | 'reverted';
  /** Of one that is tried: when it goes back, in milliseconds since 1970. */
  readonly until?: number;
  /** Of one that was taken back since its time was over: nobody said banspool confirm. */
  readonly why?: 'unconfirmed';
  /** Of an edit by a command: `deny 192.0.2.0/24, by anna`. */
  readonly did?: string;
}

/** What {@link policyEventIn} is about. */
export const POLICY_PATHS = ['policy.yaml', 'policy.trial.yaml'] as const;

/** What the patch of a commit of that time did to the policy; that a policy was there at first is no event. */
export function policyEventIn(patch: readonly string[], time: number): PolicyEvent | undefined {
  const files = new Map<string, string[]>();
  let file: string[] = [];
  for (const line of patch) {
    const name = /^diff --git a\/(\S+) /.exec(line)?.[1];
    if (name !== undefined) files.set(name, (file = []));
    file.push(line);
  }
  const [policy, trial] = [files.get('policy.yaml'), files.get('policy.trial.yaml')];
  const isEdited = policy !== undefined && !policy.some((line) => line.startsWith('new file'));
  if (trial === undefined) return isEdited ? { what: 'edited' } : undefined;
  if (trial.some((line) => line.startsWith('deleted file'))) {
    if (isEdited) return { what: 'kept' };
    // git cuts the fraction of the second.
    const isOver = (endOfTrial(trial, '-') ?? Infinity) <= time + 999;
    return { what: 'reverted', ...(isOver && { why: 'unconfirmed' }) };
  }
  const until = endOfTrial(trial, '+');
  return { what: 'tried', ...(until !== undefined && { until }) };
}

/** What the first line on one side of the diff says. */
function endOfTrial(lines: readonly string[], sign: '-' | '+'): number | undefined {
  const first = lines.find((line) => line.startsWith(`${sign}#`)) ?? '';
  return readTrial(first.slice(1))?.until;
}
