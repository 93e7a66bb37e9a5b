/** Enforces each family on its own: one that fails keeps none from the other. */
import { assemble, type DesireOptions, type Desired } from '../desired/desire.ts';
import type { Backend } from '../desired/desired-chain.ts';
import { countMembers } from '../netfilter/members.ts';
import type { Observed } from '../observed/observe.ts';
import type { Family } from '../net/net.ts';
import type { Judgement } from '../policy/judge.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import { enforce } from './enforce.ts';
import type { Judged } from './judge-regions.ts';
import type { Memory } from './memory.ts';
import type { FamilyChanges, PassKind, Problem, SetSize } from './pass.ts';
import { backendProblems, familyProblems } from './problems.ts';
import type { World } from './world.ts';

export interface EnforcedAll {
  readonly changes: readonly FamilyChanges[];
  readonly drift: readonly FamilyChanges[];
  readonly sets: readonly SetSize[];
  readonly problems: readonly Problem[];
}

export interface EnforceAllOptions {
  readonly judged: Judged;
  readonly firewall: Firewall;
  readonly kind: PassKind;
  /** Families whose table somebody else changed since the last pass. */
  readonly suspects: ReadonlySet<Family>;
  /** Families whose bans are still to be adopted, with what keeps them from it: nothing is changed in these. */
  readonly pending: ReadonlyMap<Family, unknown>;
}

/** Enforces, and remembers what was seen and what was wanted. */
export async function enforceAll(
  world: World,
  memory: Memory,
  { judged, firewall, kind, suspects, pending }: EnforceAllOptions,
): Promise<EnforcedAll> {
  const { families, hooks, chainPrefix: prefix } = world.config;
  const changes: FamilyChanges[] = [];
  const drift: FamilyChanges[] = [];
  const sets: SetSize[] = [];
  const problems: Problem[] = [];
  for (const family of families) {
    const before = memory.enforced.get(family);
    const trusted = kind === 'full' ? undefined : memory.observed.get(family);
    // Without it nothing is trusted in a pass that ends in an error.
    memory.observed.delete(family);
    try {
      if (pending.has(family)) throw pending.get(family);
      const backend = usableBackend(world, firewall);
      const options = desireOptions(judged, world, { family, backend });
      const desired = assemble(judged.portions[family], options, before);
      const isSuspect = suspects.has(family);
      const looking = { firewall, hooks, prefix, trusted, isSuspect, before, now: world.now };
      const enforced = await enforce(desired, looking);
      if (enforced.remaining.length === 0) memory.observed.set(family, enforced.observed);
      memory.enforced.set(family, desired);
      changes.push({ family, changes: enforced.changes });
      drift.push({ family, changes: enforced.drift });
      sets.push(...sizesOf(enforced.desired, enforced.observed));
      problems.push(...familyProblems(family, enforced), ...backendProblems(desired, firewall, world.config));
    } catch (error) {
      const hint = error instanceof BanspoolError && error.hint !== undefined ? ` (${error.hint})` : '';
      const message = `${family}: ${messageOf(error)}${hint}`;
      problems.push({ condition: 'Converged', reason: 'ApplyFailed', message });
    }
  }
  return { changes, drift, sets, problems };
}

/** Takes what another process's pass left in the state for enforced: none of that is drift. */
export function supposeEnforced(
  world: World,
  memory: Memory,
  { judged, firewall }: Pick<EnforceAllOptions, 'judged' | 'firewall'>,
): void {
  for (const [family, before] of memory.enforced) {
    const options = desireOptions(judged, world, { family, backend: usableBackend(world, firewall) });
    memory.enforced.set(family, assemble(judged.portions[family], options, before));
  }
}

/** The configured backend, as far as this machine has it; throws where it was asked for and is not there. */
export function usableBackend({ config }: World, { sets }: Firewall): Backend {
  if (sets.kind === 'usable') return config.backend;
  if (config.backend === 'ipset')
    throw new BanspoolError('command-failed', `backend: ipset cannot be had: ${sets.reason}`, {
      hint: 'apt install ipset, and give the controller CAP_NET_RAW beside CAP_NET_ADMIN; or set backend: auto',
    });
  return 'rules';
}

/** How claims become rules in one family's table. */
export function desireOptions(
  { deny, allowed }: Pick<Judgement, 'deny' | 'allowed'>,
  { config }: World,
  { family, backend }: { family: Family; backend: Backend },
): DesireOptions {
  return {
    family,
    prefix: config.chainPrefix,
    verdict: config.verdict,
    backend,
    deny: deny.map(({ net }) => net),
    allowed: allowed.map(({ net }) => net).filter((net) => net.family === family),
  };
}

function sizesOf(desired: Desired, observed: Observed): readonly SetSize[] {
  return Array.from(desired.chains.values()).flatMap(({ set }) => {
    if (set === undefined) return [];
    const { name, members } = set;
    const capacity = observed.sets.get(name)?.capacity ?? 0;
    return [{ name, members: countMembers(members), capacity }];
  });
}
