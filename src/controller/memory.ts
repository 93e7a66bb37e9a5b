/** What a controller remembers between passes. All of it can be found again: a crash costs one full pass. */
import { Ledger } from '../ledger/ledger.ts';
import type { Family } from '../net/net.ts';
import type { Services } from '../net/services.ts';
import type { Observed } from '../observed/observe.ts';
import type { Ruleset } from '../plan/ruleset.ts';
import type { Policy } from '../policy/policy.ts';
import type { Conclusion } from '../pass/conclude.ts';
import { Census } from '../state/census.ts';
import type { Firewall } from '../system/iptables.ts';
import type { Adoption } from './adopt-rules.ts';
import { DriftWatch } from './drift-watch.ts';
import type { FlowsMemory } from './end-flows.ts';
import type { Problem } from '../names/conditions.ts';
import { Spool } from './spool.ts';
import type { World } from './world.ts';

export interface Memory {
  readonly ledger: Ledger;
  readonly spool: Spool;
  firewall?: Firewall;
  services?: Services;
  /** What servers hold of each shard. */
  readonly census: Census;
  /** What was last concluded, so that only what changed since is judged again. */
  conclusion: Conclusion | undefined;
  /** What the firewall was last known to hold, where that is what it should; trusted until the next full pass. */
  readonly observed: Map<Family, Observed>;
  /** What was last enforced: what differs from it later is drift. */
  readonly enforced: Map<Family, Ruleset>;
  /** What is known of flowtables; undefined before the first look. */
  flows?: FlowsMemory;
  /** What keeps a family from being what it should, until a full pass gets it there. */
  readonly failing: Map<Family, Problem>;
  /** Families in which something is under way, perhaps since an earlier pass that lost patience. */
  readonly hanging: Set<Family>;
  /** The longest that enforcing each family, or reading it at first, took so far, in milliseconds. */
  readonly took: Map<Family, number>;
  /** Who changed the firewall meanwhile. */
  readonly drift: DriftWatch;
  /** Who is logged in and denied, as last looked up, and by which policy. */
  lockouts?: { readonly policy: Policy; readonly problems: readonly Problem[] };
  /** What stood on the firewall at the first start, until it is on disk. */
  adopted?: Adoption;
  /** Families whose bans could not be adopted yet, and why. */
  readonly unadopted: Map<Family, unknown>;
  /** Families that are being read for it, perhaps since an earlier pass that lost patience. */
  readonly adopting: Set<Family>;
}

/** A memory of nothing. */
export function freshMemory(world: World): Memory {
  const memory: Memory = {
    ledger: new Ledger(world),
    spool: new Spool(world),
    census: new Census(),
    conclusion: undefined,
    observed: new Map(),
    enforced: new Map(),
    failing: new Map(),
    hanging: new Set(),
    unadopted: new Map(),
    adopting: new Set(),
    took: new Map(),
    drift: new DriftWatch((pid) => memory.firewall?.isOwn(pid) === true),
  };
  return memory;
}
