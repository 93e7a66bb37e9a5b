/** How a person calls git, or another program, on the state. */
import { stateOwner } from './state-owner.ts';
import type { LedgerWorld } from './ledger-world.ts';

/** What tells whose the state is. */
export type Owned = Pick<LedgerWorld, 'config' | 'run'>;

/**
 * A command for root's shell; as the state's owner, since git refuses to work in another user's repository. Also
 * where that is who asks: what the controller says of itself is read by root in the journal and in status.
 */
export async function gitOfOwner(world: Owned, command: string): Promise<string> {
  return byOwner(world, `git -C ${world.config.state} ${command}`);
}

/** The same for a program that writes into the state: what the owner may have put there leads root nowhere then. */
export async function byOwner(world: Owned, command: string): Promise<string> {
  const owner = await stateOwner(world);
  return owner === undefined || owner.uid === 0 ? command : `runuser -u ${owner.name} -- ${command}`;
}

/** The same for a line of shell, without a single quote in it. */
export async function shellOfOwner(world: Owned, line: string): Promise<string> {
  const command = await byOwner(world, `sh -c '${line}'`);
  return command.startsWith('sh -c') ? line : command;
}
