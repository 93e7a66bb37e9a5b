/** What a controller remembers between passes. All of it can be found again: a crash costs one full pass. */
import { join } from 'node:path';
import type { Desired } from '../desired/desire.ts';
import type { Family } from '../net/net.ts';
import type { Services } from '../net/services.ts';
import type { Observed } from '../observed/observe.ts';
import { EMPTY_POLICY, type Policy } from '../policy/policy.ts';
import { Census } from '../state/census.ts';
import { StateRepository } from '../state/git.ts';
import { EMPTY_STATE, type State } from '../state/state.ts';
import { StateStore } from '../state/store.ts';
import type { Firewall } from '../system/iptables.ts';
import type { Adoption } from './adopt-rules.ts';
import { DriftWatch } from './drift-watch.ts';
import type { EarlyBans } from './early-bans.ts';
import type { FlowsMemory } from './end-flows.ts';
import { RegionJudge } from './judge-regions.ts';
import type { Problem } from '../names/conditions.ts';
import { Spool } from './spool.ts';
import type { World } from './world.ts';

export interface Memory {
  readonly store: StateStore;
  readonly repository: StateRepository;
  readonly spool: Spool;
  firewall?: Firewall;
  services?: Services;
  /** The last good one, with the stamp of the file it came from. */
  policy: {
    readonly value: Policy;
    readonly stamp: string | undefined;
    readonly damaged: boolean;
    /** True for one that is tried, until `triedUntil`; false where the file of one is left whose time is over. */
    readonly isTried?: boolean;
    readonly triedUntil?: number;
  };
  /** The subject of the commit that is to tell what became of a policy that is tried. */
  policyNews?: string;
  /** What servers hold of each shard. */
  readonly census: Census;
  /** What it was made of is remembered too, so that only what changed is judged again. */
  readonly judge: RegionJudge;
  /** What the firewall was last known to hold, where that is what it should; trusted until the next full pass. */
  readonly observed: Map<Family, Observed>;
  /** What was last enforced: what differs from it later is drift. */
  readonly enforced: Map<Family, Desired>;
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
  /** What was put back, in lines that are not in git yet. */
  repairs: readonly string[];
  /** The policy whose changes since are to be told of. */
  toldPolicy?: Policy;
  /** What it changed, in lines that are not in git yet. */
  policyLines: readonly string[];
  /** As last committed. */
  committed: State;
  /** Since when something is saved and not committed. */
  uncommittedSince?: number;
  /** The last holding of the lock; undefined where it could not be made. */
  holding?: string | undefined;
  /** True when the files of the state may say more than what was last read of them. */
  isStateSuspect: boolean;
  /** False until what a predecessor left, in git and in files, was looked at. */
  settledIn: boolean;
  /** What stood on the firewall at the first start, until it is on disk. */
  adopted?: Adoption;
  /** True once no family waits any more for its bans to be adopted. */
  isAllAdopted?: boolean;
  /** Families whose bans could not be adopted yet, and why. */
  readonly unadopted: Map<Family, unknown>;
  /** Families that are being read for it, perhaps since an earlier pass that lost patience. */
  readonly adopting: Set<Family>;
  /** Bans that may end too early when the clock is set, as last written down. */
  early?: EarlyBans;
  /** When it was last noted everywhere outside of the state that there is one. */
  markedAt?: number;
}

/** No file has this stamp. */
export const NEVER_READ = 'never read';

/** A memory of nothing. */
export function freshMemory(world: World): Memory {
  const { config, files, run } = world;
  const memory: Memory = {
    store: new StateStore(config.state, files),
    repository: new StateRepository(config.state, run, files),
    spool: new Spool(world),
    policy: { value: EMPTY_POLICY, stamp: NEVER_READ, damaged: false },
    census: new Census(),
    judge: new RegionJudge(),
    observed: new Map(),
    enforced: new Map(),
    failing: new Map(),
    hanging: new Set(),
    unadopted: new Map(),
    adopting: new Set(),
    took: new Map(),
    repairs: [],
    policyLines: [],
    committed: EMPTY_STATE,
    isStateSuspect: true,
    settledIn: false,
    drift: new DriftWatch((pid) => memory.firewall?.isOwn(pid) === true),
  };
  return memory;
}

/** Where one is written that is tried. */
export function trialPath(world: World): string {
  return join(world.config.state, 'policy.trial.yaml');
}

/** Where people write the policy. */
export function policyPath(world: World): string {
  return join(world.config.state, 'policy.yaml');
}
