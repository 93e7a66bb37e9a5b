/** What a pass would find and do, found without doing it: no lock, no write, and no file is moved. */
import type { Observed } from '../observed/observe.ts';
import { plan, type Plan } from '../plan/plan.ts';
import { rulesetOf } from '../plan/ruleset.ts';
import type { Family } from '../net/net.ts';
import { explain, type Conclusion } from '../pass/conclude.ts';
import { desireFamily } from '../pass/desire-family.ts';
import type { Judgement } from '../policy/judge.ts';
import { diffStates, type ClaimChange } from '../state/diff.ts';
import { fold } from '../state/fold.ts';
import type { State } from '../state/state.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import { adoptUnfiled, type Adoption, type AdoptOptions } from './adopt-rules.ts';
import { adoptUnclaimed } from './begun.ts';
import { loadInputs, type Inputs } from './load-inputs.ts';
import { freshMemory, type Memory } from './memory.ts';
import { look } from './look.ts';
import { rulesetMeans } from './ruleset-means.ts';
import type { Intake, ReadBudget } from './take-in.ts';
import type { World } from './world.ts';

export interface Preview {
  readonly inputs: Inputs;
  readonly intake: Intake;
  readonly state: State;
  readonly claimChanges: readonly ClaimChange[];
  readonly judgement: Judgement;
  readonly families: readonly FamilyPreview[];
}

export type FamilyPreview =
  | {
      readonly kind: 'read';
      readonly family: Family;
      readonly observed: Observed;
      readonly plan: Plan;
    }
  | {
      readonly kind: 'unreadable';
      readonly family: Family;
      readonly reason: string;
    };

/** All that waits, but for a flood: somebody waits for the answer. */
const READ_BUDGET: ReadBudget = { milliseconds: 20_000, listedByServer: 100_000 };

/**
 * Looks. Throws when the state or the policy cannot be read; a firewall that cannot be is told of. Without `firewall`
 * it is left alone: what is claimed and wanted needs no rights to know.
 */
export async function preview(
  world: World,
  { firewall: withFirewall } = { firewall: true },
): Promise<Preview> {
  const memory = freshMemory(world);
  const inputs = await loadInputs(world, memory, { kind: 'full', mayGuess: true });
  const now = world.now();
  const intake = memory.spool.read({ ...inputs, now, budget: READ_BUDGET, census: memory.census });
  const firewall = withFirewall
    ? await world.openFirewall().catch((error: unknown) => messageOf(error))
    : 'not asked';
  const { said: adopted, pending } =
    typeof firewall === 'string'
      ? NOTHING_ADOPTED
      : await previewAdoption(world, memory, { inputs, firewall, now });
  const state = fold(inputs.state, [...adopted, ...intake.said], now);
  const { conclusion, judgement } = explain(state, { ...inputs, now });

  const families: FamilyPreview[] = [];
  for (const family of world.config.families) {
    if (!withFirewall) continue;
    const reason = pending.has(family) ? reasonOf(pending.get(family)) : undefined;
    families.push(
      reason === undefined
        ? await lookAt(world, firewall, { family, conclusion })
        : { kind: 'unreadable', family, reason },
    );
  }
  return { inputs, intake, state, claimChanges: diffStates(inputs.state, state, now), judgement, families };
}

/** What the state that is saved comes to: what waits in the spool is in no firewall yet. */
export async function previewSaved(world: World): Promise<Judgement> {
  const inputs = await loadInputs(world, freshMemory(world), { kind: 'full', mayGuess: true });
  return explain(inputs.state, { ...inputs, now: world.now() }).judgement;
}

async function lookAt(
  world: World,
  firewall: Firewall | string,
  { family, conclusion }: { family: Family; conclusion: Conclusion },
): Promise<FamilyPreview> {
  if (typeof firewall === 'string') return { kind: 'unreadable', family, reason: firewall };
  const { config, now } = world;
  const { hooks, chainPrefix: prefix } = config;
  try {
    const wanted = rulesetOf(desireFamily(conclusion, family), rulesetMeans(config, firewall));
    const { observed } = await look(firewall, { family, prefix, now });
    const options = { hooks, prefix, variant: firewall.variant, now: now() };
    return { kind: 'read', family, observed, plan: plan(wanted, observed, options) };
  } catch (error) {
    return { kind: 'unreadable', family, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const hint = error instanceof BanspoolError && error.hint !== undefined ? `; mend: ${error.hint}` : '';
  return `${messageOf(error)}${hint}`;
}

const NOTHING_ADOPTED: Adoption = { said: [], pending: new Map() };

async function previewAdoption(
  world: World,
  memory: Memory,
  { inputs, firewall, now }: AdoptOptions & { readonly inputs: Inputs },
): Promise<Adoption> {
  const { history, mark } = memory.ledger;
  const isFirst = await history.isFirstStart();
  const families = isFirst ? world.config.families : await mark.pendingFamilies();
  if (families.length > 0) return adoptUnclaimed(world, { ...inputs, firewall, now, families });
  const said = await adoptUnfiled(world, memory, { inputs, firewall, now }).catch(() => []);
  return { said, pending: new Map() };
}
