/** `banspool accept`: the state is meant to be as it is now, though what was there before is gone. */
import { hasHistory } from '../controller/begun.ts';
import { markPaths, readMark, removeMark, writeMark } from '../ledger/mark.ts';
import { freshMemory } from '../controller/memory.ts';
import type { World } from '../controller/world.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { newCommand, type AddCommand } from './command.ts';
import { openOwnersWorld } from './open-world.ts';

export const addAccept: AddCommand = (program, context) => {
  newCommand(
    program,
    'accept',
    'take the state as it stands, where a pass was stopped since what was there before is gone',
  ).action(async ({ config }: { config: string }) => {
    const world = await openOwnersWorld(context.io, config);
    await forget(world).catch((error: unknown) => {
      throw new BanspoolError('io', `cannot remove the mark of the state before: ${messageOf(error)}`, {
        hint: `as root: rm ${markPaths(world).join(' ')}`,
      });
    });
    context.io.err(
      `banspool: the next pass takes ${world.config.state} as it stands; where that holds no state, what stands on the firewall is adopted\n`,
    );
  });
};

/** Bans that are still to be adopted stay so: only an empty state is a first start, in which all are. */
async function forget(world: World): Promise<void> {
  const mark = await readMark(world);
  const pending = (await hasHistory(freshMemory(world))) ? (mark?.pending ?? []) : [];
  await removeMark(world);
  if (pending.length > 0) await writeMark(world, { commit: undefined, pending });
}
