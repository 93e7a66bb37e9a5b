/** The last word of a controller that is stopped: else one that was killed would look like it. */
import type { World } from '../world/world.ts';
import { readRecord, statusPath } from './chronicle.ts';
import { messageOf } from '../system/error.ts';
import { writeStatusFile } from '../system/files/status-file.ts';
import { isoTime } from '../yaml/time.ts';

/** Notes in status.json that nobody runs any more; a failure is logged. */
export function markStopped({ config, log, now }: Pick<World, 'config' | 'log' | 'now'>): void {
  const record = readRecord(config);
  if (record === undefined) return;
  const stopped = { ...record, controller: null, stoppedAt: isoTime(now()) };
  try {
    writeStatusFile(statusPath(config), `${JSON.stringify(stopped, undefined, 1)}\n`);
  } catch (error) {
    log.error(`cannot write ${statusPath(config)}: ${messageOf(error)}`);
  }
}
