/** Reads out of `git log -p` what became of the policy: edited, tried, kept or taken back, by whatever hand. */
import { readTrial } from './trial.ts';

export interface PolicyEvent {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly author: string;
  readonly what: 'edited' | 'tried' | 'kept' | 'reverted';
  /** Of one that is tried: when it goes back. */
  readonly until?: number;
  /** Of one that was taken back since its time was over: nobody said banspool confirm. */
  readonly why?: 'it was not confirmed';
}

/**
 * For git log: one record a commit that changed the policy, or began or ended a trial of one. No program of the
 * state's runs.
 */
export const POLICY_FILE_ARGS = [
  'log',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--submodule=short',
  '--no-renames',
  '--format=%x00%H%x01%ct%x01%an',
  '-p',
  '-U0',
] as const;

/** What {@link POLICY_FILE_ARGS} is about; to stand last. */
export const POLICY_PATHS = ['--', 'policy.yaml', 'policy.trial.yaml'] as const;

/** Newest first, as git gives it; that a policy was there at first is no event. */
export function parsePolicyHistory(log: string): readonly PolicyEvent[] {
  return log
    .split('\0')
    .slice(1)
    .flatMap((text): PolicyEvent[] => {
      const [head = '', ...lines] = text.split('\n');
      const [commit = '', seconds = '0', author = ''] = head.split('\x01');
      const time = Number(seconds) * 1000;
      const event = eventIn(lines, time);
      return event === undefined ? [] : [{ commit, time, author, ...event }];
    });
}

function eventIn(
  lines: readonly string[],
  time: number,
): Pick<PolicyEvent, 'what' | 'until' | 'why'> | undefined {
  const files = new Map<string, string[]>();
  let file: string[] = [];
  for (const line of lines) {
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
    return { what: 'reverted', ...(isOver && { why: 'it was not confirmed' }) };
  }
  const until = endOfTrial(trial, '+');
  return { what: 'tried', ...(until !== undefined && { until }) };
}

/** What the first line on one side of the diff says. */
function endOfTrial(lines: readonly string[], sign: '-' | '+'): number | undefined {
  const first = lines.find((line) => line.startsWith(`${sign}#`)) ?? '';
  return readTrial(first.slice(1))?.until;
}
