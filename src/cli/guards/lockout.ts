/** Keeps an operator from locking himself out: before anything is written. */
import type { World } from '../../world/world.ts';
import type { Judgement } from '../../policy/judge.ts';
import { lockouts } from '../../policy/lockout.ts';
import { BanspoolError } from '../../system/error.ts';
import type { Io } from '../io.ts';

interface LockoutOptions {
  /** `a ban of 203.0.113.0/24`. */
  readonly what: string;
  readonly before: Judgement;
  readonly after: Judgement;
  /** He means it. */
  readonly force: boolean;
  /** It goes back by itself. */
  readonly isTried: boolean;
}

/**
 * Throws where it would come to drop packets from where somebody is logged in; warns where that was forced or is
 * tried.
 */
export async function refuseLockout(
  world: World,
  io: Io,
  { what, before, after, force, isTried }: LockoutOptions,
): Promise<void> {
  const [first] = lockouts(await world.findSessions(), { before, after });
  if (first === undefined) return;
  const message = `${what} drops ${first.text}`;
  if (force || isTried) {
    io.err(`banspool: warning: ${message}\n`);
    return;
  }
  throw new BanspoolError('refused', message, {
    hint: 'use --confirm 2m to undo it unless banspool confirm keeps it, or --force to keep it',
  });
}
