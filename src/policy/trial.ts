/**
 * A policy that is tried: the text of policy.trial.yaml. It counts until its time is over, and then policy.yaml does
 * again, without anybody writing a byte: so it goes back whoever has died meanwhile.
 */
import { isoTime, parseTime } from '../yaml/time.ts';

export interface TriedPolicy {
  /** When it goes back, in milliseconds since 1970. */
  readonly until: number;
  /** As it was handed in. */
  readonly text: string;
}

/** The text of the file: a comment with the end, and the policy below it. */
export function formatTrial({ until, text }: TriedPolicy): string {
  return `${HEAD}${isoTime(until)}\n${text}`;
}

/** Reads it; undefined for a text that is not one. */
export function readTrial(file: string): TriedPolicy | undefined {
  const [head = ''] = file.split('\n', 1);
  const until = head.startsWith(HEAD) ? parseTime(head.slice(HEAD.length)) : undefined;
  return until === undefined ? undefined : { until, text: file.slice(head.length + 1) };
}

const HEAD = '# Tried by banspool policy apply; unless it is confirmed, policy.yaml applies again from ';
