/** What an operator's word in the spool waits for: where no controller runs, it would be wrong to promise a pass. */
import { readRecord } from '../status/chronicle.ts';
import { NOTHING_ENFORCED } from '../config/mode.ts';
import type { World } from '../world/world.ts';
import { runningCondition } from '../status/assess-status.ts';
import { hasControllerEnded } from '../status/find-status.ts';
import type { ConditionRecord } from '../status/status-record.ts';
import type { Io } from './io.ts';

/** `the next pass DOES`, or that none comes and why. */
export function nextPassText(world: World, does: string): string {
  const { status, message } = findRunning(world);
  const isObserving = world.config.mode === 'observe';
  const done = isObserving && does === 'enforces it' ? 'takes it in' : does;
  const next = status === 'True' ? `the next pass ${done}` : `no pass is due: ${message}`;
  return isObserving ? `${next}; ${NOTHING_ENFORCED}` : next;
}

/** Says so before somebody waits for it. */
export function warnIfNoPass(world: World, io: Io): void {
  const { status, message } = findRunning(world);
  if (status === 'False') io.err(`banspool: warning: no pass is due: ${message}\n`);
}

/** Whether anybody makes passes, by the controller's last word and by its process. */
export function findRunning({ config, now }: Pick<World, 'config' | 'now'>): ConditionRecord {
  const record = readRecord(config);
  return runningCondition({
    record,
    interval: config.interval,
    now: now(),
    hasEnded: hasControllerEnded(record),
  });
}
