/** Enforces each family on its own: one that fails keeps none from the other. */
import { desire, type DesireOptions } from '../desired/desire.ts';
import type { Family } from '../net/net.ts';
import type { Judgement } from '../policy/judge.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import { enforce } from './enforce.ts';
import type { Memory } from './memory.ts';
import type { FamilyChanges, PassKind, Problem } from './pass.ts';
import { familyProblems } from './problems.ts';
import type { World } from './world.ts';

export interface EnforcedAll {
  readonly changes: readonly FamilyChanges[];
  readonly drift: readonly FamilyChanges[];
  readonly problems: readonly Problem[];
}

export interface EnforceAllOptions {
  readonly judgement: Judgement;
  readonly firewall: Firewall;
  readonly kind: PassKind;
}

/** Enforces, and remembers what was seen and what was wanted. */
export async function enforceAll(
  world: World,
  memory: Memory,
  { judgement, firewall, kind }: EnforceAllOptions,
): Promise<EnforcedAll> {
  const { families, hooks, chainPrefix: prefix } = world.config;
  const changes: FamilyChanges[] = [];
  const drift: FamilyChanges[] = [];
  const problems: Problem[] = [];
  for (const family of families) {
    const desired = desire(judgement.enforced, desiredOptions(judgement, world, family));
    const trusted = kind === 'full' ? undefined : memory.observed.get(family);
    const before = memory.enforced.get(family);
    try {
      const enforced = await enforce(desired, { firewall, hooks, prefix, trusted, before });
      memory.observed.set(family, enforced.observed);
      memory.enforced.set(family, desired);
      changes.push({ family, changes: enforced.changes });
      drift.push({ family, changes: enforced.drift });
      problems.push(...familyProblems(family, enforced));
    } catch (error) {
      memory.observed.delete(family);
      const hint = error instanceof BanspoolError && error.hint !== undefined ? ` (${error.hint})` : '';
      const message = `${family}: ${messageOf(error)}${hint}`;
      problems.push({ condition: 'Converged', reason: 'ApplyFailed', message });
    }
  }
  return { changes, drift, problems };
}

/** How claims become rules in one family's table. */
export function desiredOptions(judgement: Judgement, { config }: World, family: Family): DesireOptions {
  return {
    family,
    prefix: config.chainPrefix,
    verdict: config.verdict,
    deny: judgement.deny.map(({ net }) => net),
    allowed: judgement.allowed.map(({ net }) => net).filter((net) => net.family === family),
  };
}
