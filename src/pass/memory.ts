/**
 * What a process remembers from pass to pass: the keepers, and what was concluded last. All of it can be found again: a
 * crash costs one full pass.
 */
import { Ledger } from '../ledger/ledger.ts';
import type { Services } from '../domain/services.ts';
import type { Policy } from '../policy/policy.ts';
import type { Conclusion } from '../desired/conclude.ts';
import { Census } from '../policy/census.ts';
import type { Problem } from '../domain/conditions.ts';
import { Beginning } from './beginning.ts';
import { Firewall } from '../firewall/firewall.ts';
import { Spool } from '../spool/spool.ts';
import type { World } from '../world/world.ts';

export interface Memory {
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly firewall: Firewall;
  readonly beginning: Beginning;
  services?: Services;
  /** What servers hold of each shard. */
  readonly census: Census;
  /** What was last concluded, so that only what changed since is judged again. */
  conclusion: Conclusion | undefined;
  /** Who is logged in and denied, as last looked up, and by which policy. */
  lockouts?: { readonly policy: Policy; readonly problems: readonly Problem[] };
}

/** A memory of nothing. */
export function freshMemory(world: World): Memory {
  return memoryWith(world, new Spool(world), new Firewall(world));
}

function memoryWith(world: World, spool: Spool, firewall: Firewall): Memory {
  const ledger = new Ledger(world);
  const beginning = new Beginning(world, ledger, firewall.took);
  return { ledger, spool, firewall, beginning, census: new Census(), conclusion: undefined };
}

/** Where somebody said that what this process knows of the state is over: it begins as one that has just started. */
export async function forgetIfTold(world: World, memory: Memory): Promise<void> {
  const { ledger, spool, firewall } = memory;
  if (!ledger.mark.isNoted || !(await ledger.history.isFirstStart())) return;
  firewall.forget();
  Object.assign(memory, memoryWith(world, spool, firewall));
}
