/** An operator's word goes the way of every server's: as a file in the spool, of the server `local`. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { formatIntent } from '../intent/format.ts';
import type { Intent } from '../intent/intent.ts';
import { OPERATOR } from '../domain/names.ts';
import type { Judgement } from '../policy/judge.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { isRoot } from '../system/host.ts';
import { owned } from '../system/files/owned.ts';
import { readStatusFile } from '../system/files/status-file.ts';
import { realIdentity } from '../system/user.ts';
import { parseStatusRecord } from '../status/status-record.ts';
import { statusPath } from '../status/chronicle.ts';
import { previewSaved } from '../pass/preview.ts';
import type { World } from '../world/world.ts';
import { setTimeout as delay } from 'node:timers/promises';

export interface Written {
  readonly name: string;
  readonly path: string;
  /** When it was not yet in the spool. */
  readonly begunAt: number;
}

/** Writes the file whole: temporary name, sync, rename. */
export async function writeIntent(world: World, intent: Intent): Promise<Written> {
  const { config, files, now } = world;
  const folder = join(config.spool, OPERATOR);
  const begunAt = now();
  const name = `${begunAt}000000-${process.pid}-${randomUUID().slice(0, 8)}.yaml`;
  const path = join(folder, name);
  try {
    await makeOperatorFolder(world);
    await files.write(path, formatIntent(intent));
  } catch (error) {
    throw new BanspoolError('io', `cannot write to ${folder}: ${messageOf(error)}`, {
      cause: error,
      hint: isRoot()
        ? `allow the user of banspool to write there; see ls -ld ${folder}`
        : 'run it as root, or as the user that banspool runs as (sudo -u banspool)',
    });
  }
  return { name, path, begunAt };
}

/** In a spool of root's the controller could make none by itself, and from one of root's it could remove nothing. */
async function makeOperatorFolder({ config: { spool }, files, run }: World): Promise<void> {
  const folder = join(spool, OPERATOR);
  if (realIdentity() === undefined || files.modified(folder) !== undefined || owned.look(spool)?.uid !== 0) {
    await files.makeFolder(folder);
    return;
  }
  // In a folder of root's, so that nobody else's link can lie there; programs are root's.
  const owner = [`--owner=${process.geteuid?.() ?? 0}`, `--group=${process.getegid?.() ?? 0}`];
  await run('install', ['-d', OPERATOR_FOLDER_MODE, ...owner, folder]);
}

/** As tmpfiles.d has it: who can write there is an operator. */
const OPERATOR_FOLDER_MODE = '--mode=700';

/** Enough for a pass that waits for iptables, and for one that backed off. */
const WAIT_MS = 60_000;
const POLL_MS = 20;

/** The same of several files, each of which has its minute; `onTaken` is told how many are left. */
export async function waitUntilAllEnforced(
  world: World,
  written: readonly Written[],
  onTaken: (left: number) => void,
): Promise<Judgement> {
  const { files } = world;
  let left = written;
  let deadline = performance.now() + WAIT_MS;
  while (left.length > 1 && performance.now() < deadline) {
    const waiting = left.filter(({ path }) => files.modified(path) !== undefined);
    for (const each of left) if (!waiting.includes(each)) throwIfRefused(world, each);
    if (waiting.length < left.length) {
      deadline = performance.now() + WAIT_MS;
      onTaken(waiting.length);
    }
    const [last] = left.slice(-1);
    left = waiting.length === 0 && last !== undefined ? [last] : waiting;
    await delay(POLL_MS);
  }
  const [last] = left;
  return last === undefined ? previewSaved(world) : waitUntilEnforced(world, last);
}

/**
 * Waits until the controller has taken the file in and a pass has converged; resolves with what the state comes to
 * then. Throws when the file was refused, with the reason, or when nothing came of it in a minute.
 */
export async function waitUntilEnforced(world: World, written: Written): Promise<Judgement> {
  const { config, files } = world;
  const deadline = performance.now() + WAIT_MS;
  // The pass that takes the file says so after this. How late the look is that finds the file gone counts for nothing:
  // the next word of the controller may be an hour away.
  let seenAt = written.begunAt;
  let isTaken = false;
  while (performance.now() < deadline) {
    const lookedAt = world.now();
    if (!isTaken && files.modified(written.path) === undefined) {
      throwIfRefused(world, written);
      isTaken = true;
    }
    if (!isTaken) seenAt = lookedAt;
    else {
      const record = parseStatusRecord(readStatusFile(statusPath(config)));
      if (record?.converged === true && Date.parse(record.updatedAt) >= seenAt) return previewSaved(world);
    }
    await delay(POLL_MS);
  }
  const what = isTaken
    ? 'the firewall does not enforce it'
    : 'no pass has read it, and it stays in the spool';
  throw new BanspoolError('not-converged', `after ${WAIT_MS / 1000} s ${what}`, {
    hint: 'banspool status shows the problem; systemctl status banspool shows whether the controller runs',
  });
}

function throwIfRefused({ config, rejectedFiles }: World, { name }: Written): void {
  const text = rejectedFiles.readReason(join(config.rejected, OPERATOR, name));
  const reason = /^reason: (.*)$/m.exec(text ?? '')?.[1];
  if (reason !== undefined) throw new BanspoolError('refused', `refused: ${reason}`);
}
