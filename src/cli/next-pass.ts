/** What an operator's word in the spool waits for: where no controller runs, it would be wrong to promise a pass. */
import { readRecord } from '../controller/chronicle.ts';
import type { World } from '../controller/world.ts';
import { runningCondition } from '../report/assess-status.ts';
import type { ConditionRecord, StatusRecord } from '../report/status-record.ts';
import { hasEnded } from '../system/process-identity.ts';

/** `the next pass DOES`, or that none comes and why. */
export function nextPassText(world: World, does: string): string {
  const { status, message } = findRunning(world);
  return status === 'True' ? `the next pass ${does}` : `nobody makes one: ${message}`;
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

/** True when a controller ran, was not stopped, and its process is gone. */
export function hasControllerEnded(record: StatusRecord | undefined): boolean {
  const controller = record?.controller ?? undefined;
  return controller !== undefined && hasEnded(controller);
}
