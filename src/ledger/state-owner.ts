/** Whose the state is. */
import { dirname } from 'node:path';
import { idsOfOwner, ownerOf, type Owner } from '../system/files/owner.ts';
import type { Identity } from '../system/user.ts';
import type { LedgerWorld } from './ledger-world.ts';

type Needs = Pick<LedgerWorld, 'config' | 'run'>;

/** The owner of its folder, or of the folder that it would be made in; undefined where neither can be seen. */
export async function stateOwner({ config, run }: Needs): Promise<Owner | undefined> {
  return (await ownerOf(config.state, run)) ?? ownerOf(dirname(config.state), run);
}

/** The same without the name, which takes a program to find. */
export function ownerOfState({ state }: Pick<Needs['config'], 'state'>): Identity | undefined {
  return idsOfOwner(state) ?? idsOfOwner(dirname(state));
}
