/** The status of this firewall: what the controller wrote down, whether it still runs, and what waits for it. */
import { countWaiting } from '../spool/count-waiting.ts';
import { BanspoolError } from '../system/error.ts';
import { access } from '../system/files/access.ts';
import { isRoot } from '../system/host.ts';
import { hasEnded } from '../system/processes/process-identity.ts';
import type { World } from '../world/world.ts';
import { assessStatus, type Status } from './assess-status.ts';
import { readRecord, statusPath } from './chronicle.ts';
import type { ConditionRecord, StatusRecord } from './status-record.ts';

export interface FindOptions {
  /** What the controller may not look at, and the caller did. */
  readonly seen: readonly ConditionRecord[];
  /** A flood that takes longer to count is one without its number. */
  readonly countingMs: number;
}

interface FoundStatus {
  readonly status: Status;
  /** Undefined where no pass was ever recorded. */
  readonly record: StatusRecord | undefined;
}

/** Throws where this user may not read what the controller wrote down. */
export function findStatus(world: World, { seen, countingMs }: FindOptions): FoundStatus {
  const { config, spoolFiles, now } = world;
  // To whom it is closed it must not look like a controller that never ran.
  if (access(statusPath(config), 'open') === 'forbidden')
    throw new BanspoolError('io', `this user cannot read ${statusPath(config)}`, {
      hint: isRoot()
        ? 'run banspool doctor'
        : 'run it as root, or as a member of the group that owns the file',
    });
  const record = readRecord(config);
  const deadline = performance.now() + countingMs;
  const status = assessStatus({
    record,
    waiting: countWaiting(config.spool, spoolFiles, () => performance.now() > deadline),
    interval: config.interval,
    now: now(),
    isReadOnly: access(config.state, 'write') === 'read-only',
    hasEnded: hasControllerEnded(record),
    seen,
  });
  return { status, record };
}

/** True when a controller ran, was not stopped, and its process is gone. */
export function hasControllerEnded(record: StatusRecord | undefined): boolean {
  const controller = record?.controller ?? undefined;
  return controller !== undefined && hasEnded(controller);
}
