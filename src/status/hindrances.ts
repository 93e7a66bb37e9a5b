/**
 * What is wrong between passes: nobody tells of drift, another program fights us for the rules, the history
 * grows, or exports cannot be written.
 */
import type { Log } from '../system/log.ts';
import type { Memory } from '../pass/memory.ts';
import type { Problem } from '../domain/conditions.ts';

interface Watching {
  /** Why nothing is heard of drift; undefined while it is, or where it never could be. */
  readonly silence: string | undefined;
  /** Milliseconds between full passes. */
  readonly interval: number;
  /** What keeps the history from being packed. */
  readonly unpacked: Problem | undefined;
  /** What keeps exports from being written. */
  readonly unexported: Problem | undefined;
}

/** Finds them. */
export function findHindrances(
  { firewall }: Pick<Memory, 'firewall'>,
  { silence, interval, unpacked, unexported }: Watching,
): readonly Problem[] {
  const fight = firewall.drift.problem(performance.now());
  const problems = [fight, unpacked, unexported].filter((problem) => problem !== undefined);
  if (silence === undefined) return problems;
  const message = `${silence}: only full passes detect changes by other programs, every ${Math.round(interval / 1000)} s`;
  return [...problems, { condition: 'DriftWatched', reason: 'NoMonitor', message }];
}

/** Writes down what came and what went. */
export function logHindrances(log: Log, now: readonly Problem[], before: readonly Problem[]): void {
  for (const { condition, message } of now) {
    if (!before.some((each) => each.condition === condition)) log.warn(`${condition} is false: ${message}`);
  }
  for (const { condition } of before) {
    if (!now.some((each) => each.condition === condition)) log.info(`${condition} is true again`);
  }
}
