/**
 * The keepers: whoever remembers something from pass to pass, and is the only one that writes it. Here they are made,
 * from the world alone. What they remember saves work and decides nothing: all of it can be found again, and a crash
 * costs one full pass.
 */
import { Concluder } from '../desired/concluder.ts';
import { Escalator } from '../escalation/escalator.ts';
import { Fleet } from '../fleet/fleet.ts';
import { Firewall } from '../firewall/firewall.ts';
import { Ledger } from '../ledger/ledger.ts';
import { openSources } from '../sources/open-sources.ts';
import { Lists } from '../sources/lists/lists.ts';
import { Sources } from '../sources/sources.ts';
import { Spool } from '../spool/spool.ts';
import type { World } from '../world/world.ts';
import { Beginning } from './beginning.ts';
import { LockoutWatch } from './lockout-watch.ts';
import { Machine } from './machine.ts';
import { FastPath } from './fast-path.ts';

export interface Memory {
  /** What waits, whose turn it is, who was refused. */
  readonly spool: Spool;
  /** What others than servers claim. */
  readonly sources: Sources;
  /** What lists of policy.yaml hold. */
  readonly lists: Lists;
  /** What is shared with other firewalls. */
  readonly fleet: Fleet;
  /** State and policy, as last read or saved. */
  readonly ledger: Ledger;
  /** What a first start takes over. */
  readonly beginning: Beginning;
  readonly machine: Machine;
  /** What was held against the rules of escalation. */
  readonly escalator: Escalator;
  /** What should stand, as last concluded. */
  readonly concluder: Concluder;
  /** What stands, as last seen and enforced. */
  readonly firewall: Firewall;
  readonly lockouts: LockoutWatch;
  /** What may be enforced before a pass looks at everything. */
  readonly fastPath: FastPath;
}

/** Keepers that remember nothing yet; `open` gives the list of sources. */
export function freshMemory(world: World, open = openSources): Memory {
  const others = { firewall: new Firewall(world), spool: new Spool(world), fleet: new Fleet(world) };
  return {
    ...others,
    ...{ sources: new Sources(open(world, others.firewall)), lists: new Lists(world) },
    ...memoryOfState(world, others),
    ...{ machine: new Machine(world), lockouts: new LockoutWatch(world) },
  };
}

/** Those who know the state. */
function memoryOfState(
  world: World,
  others: Pick<Memory, 'firewall' | 'spool' | 'fleet'>,
): Pick<Memory, 'ledger' | 'beginning' | 'escalator' | 'concluder' | 'fastPath'> {
  const [ledger, concluder] = [new Ledger(world), new Concluder()];
  const beginning = new Beginning(world, ledger, others.firewall.took);
  const fastPath = new FastPath(world, { ...others, ledger, concluder });
  return { ledger, beginning, escalator: new Escalator(), concluder, fastPath };
}

/** After `banspool accept`: replaces the keepers that know the state by fresh ones, as at a start of the process. */
export async function forgetIfTold(world: World, memory: Memory): Promise<void> {
  const { ledger, firewall } = memory;
  if (!ledger.mark.isNoted || !(await ledger.history.isFirstStart())) return;
  firewall.forget();
  Object.assign(memory, memoryOfState(world, memory));
}
