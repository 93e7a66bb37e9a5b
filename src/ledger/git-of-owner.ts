/** How a person calls git on the state. */
import { stateOwner } from './state-owner.ts';
import type { LedgerWorld } from './ledger-world.ts';

/** What tells whose the state is. */
export type Owned = Pick<LedgerWorld, 'config' | 'run'>;

/**
 * A command for root's shell; as the state's owner, since git refuses to work in another user's repository. Also where that
 * is who asks: what the controller says of itself is read by root in the journal and in status.
 */
export async function gitOfOwner(world: Owned, command: string): Promise<string> {
  const owner = await stateOwner(world);
  const git = `git -C ${world.config.state} ${command}`;
  return owner === undefined || owner.uid === 0 ? git : `runuser -u ${owner.name} -- ${git}`;
}
