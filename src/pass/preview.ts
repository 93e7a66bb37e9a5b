/** What a pass would find and do, found without doing it: no lock, no write, and no file is moved. */
import type { Intent } from '../intent/intent.ts';
import { OPERATOR } from '../domain/names.ts';
import type { Dataplane, Observed, Plan } from '../firewall/dataplane.ts';
import type { Looked } from '../firewall/drops.ts';
import { momentOf } from '../ledger/early-bans.ts';
import type { Family } from '../domain/net.ts';
import { explain, type Conclusion } from '../desired/conclude.ts';
import type { Problem } from '../domain/conditions.ts';
import { desireFamily } from '../desired/desire-family.ts';
import type { Judgement } from '../policy/judge.ts';
import type { Policy } from '../policy/policy.ts';
import { diffStates, type ClaimChange } from '../claims/diff.ts';
import { foldWith } from '../claims/fold.ts';
import { escalate } from '../escalation/escalate.ts';
import { memoryOfRules } from '../escalation/memory-of-rules.ts';
import type { PeerReport } from '../fleet/listener.ts';
import type { State } from '../claims/state.ts';
import { messageOf, messageWithMend } from '../system/error.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { NOTHING_BEGUN, previewBeginning, untouchedFamilies, type Begun } from './beginning.ts';
import { foldAll, gatherClaims } from './gather-claims.ts';
import { loadInputs, type Inputs } from './load-inputs.ts';
import { freshMemory } from './memory.ts';
import { openDataplane } from '../firewall/open-dataplane.ts';
import { PREVIEW_BUDGET, type Intake } from '../spool/take-in.ts';
import type { World } from '../world/world.ts';

export interface Preview {
  readonly inputs: Inputs;
  readonly intake: Intake;
  readonly state: State;
  readonly claimChanges: readonly ClaimChange[];
  readonly judgement: Judgement;
  /** What should stand by it, in the form that a firewall is asked for. */
  readonly conclude: () => Conclusion;
  readonly families: readonly FamilyPreview[];
  readonly peers: PeersPreview;
  /** What the policy in force comes to: the same as `judgement`, unless another policy is supposed. */
  readonly inForce: Judgement;
  /** Families that passes leave as they are, where they observe. */
  readonly untouched: ReadonlySet<Family>;
}

export interface PreviewOptions {
  /** False: the firewall is not asked, which needs rights that what is claimed and wanted does not. */
  readonly firewall: boolean;
  /** To be taken for the one in force. */
  readonly policy?: Policy | undefined;
  /** True: as if the mode were to enforce, where it is to observe. */
  readonly enforcing?: boolean;
}

/** What a look at the publications of peers, and at the way to them, found. */
interface PeersPreview {
  readonly reports: readonly PeerReport[];
  readonly problems: readonly Problem[];
}

export type FamilyPreview =
  | {
      readonly kind: 'read';
      readonly family: Family;
      readonly dataplane: Dataplane;
      readonly observed: Observed;
      readonly plan: Plan;
    }
  | {
      readonly kind: 'unreadable';
      readonly family: Family;
      readonly reason: string;
    };

/** Previews. Throws when the state or the policy cannot be read; a family that cannot be read is told of. */
export async function preview(world: World, options: PreviewOptions = { firewall: true }): Promise<Preview> {
  const firewall = options.firewall
    ? await world.openFirewall().catch((error: unknown) => messageOf(error))
    : 'not asked';
  const read = await readAll(world, typeof firewall === 'string' ? undefined : firewall, options);
  const { memory, inputs, begun, now, intake, state } = read;
  const { judgement, conclude } = explain(state, { ...inputs, now });
  const inForce =
    options.policy === undefined
      ? judgement
      : explain(read.inForce.state, { ...read.inForce.inputs, now }).judgement;

  const families: FamilyPreview[] = [];
  if (options.firewall) {
    const conclusion = conclude();
    for (const family of world.config.families) {
      const reason = begun.pending.has(family) ? messageWithMend(begun.pending.get(family)) : undefined;
      families.push(
        reason === undefined
          ? await lookAt(world, firewall, { family, conclusion })
          : { kind: 'unreadable', family, reason },
      );
    }
  }
  const peers = { reports: memory.fleet.listener.reports(), problems: memory.fleet.problems(now) };
  const claimChanges = diffStates(inputs.state, state, now);
  const untouched = await untouchedFamilies(memory.ledger);
  return { inputs, intake, state, claimChanges, judgement, conclude, families, peers, inForce, untouched };
}

/** More would mean that somebody writes all the time. */
const MOST_TRIES = 3;

/** Reads the state, then the spool: again where a pass ended meanwhile, which took files out that the state lacked. */
async function readAll(
  world: World,
  tools: Tools | undefined,
  { policy: supposed, enforcing }: PreviewOptions,
) {
  const isObserving = world.config.mode === 'observe' && enforcing !== true;
  for (let tries = 1; ; tries += 1) {
    const memory = freshMemory(world);
    const loaded = await loadInputs(memory, { kind: 'full', mayGuess: true });
    const inputs = supposed === undefined ? loaded : { ...loaded, policy: supposed };
    const moment = momentOf(world);
    const { state } = inputs;
    const begun: Begun =
      tools === undefined || isObserving
        ? { ...NOTHING_BEGUN, state }
        : await previewBeginning(world, memory.ledger, { state, tools, now: moment.now });
    const gathering = { inputs, begun, tools, moment, budget: PREVIEW_BUDGET, kind: 'full' as const };
    const gathered = await gatherClaims(memory, gathering);
    // The same that was said, heard by other keepers: what this policy made these remember is not the other's.
    const inForce =
      supposed === undefined
        ? gathered.state
        : await foldAll(freshMemory(world), { ...gathering, inputs: loaded, sent: gathered.sent });
    if (tries === MOST_TRIES || !(await memory.ledger.hasChanged()))
      return {
        memory,
        inputs,
        begun,
        now: moment.now,
        ...gathered,
        inForce: { inputs: loaded, state: inForce },
      };
  }
}

interface Supposed {
  /** What an operator says. */
  readonly intents?: readonly Intent[];
  readonly policy?: Policy;
}

/** What would stand, and why, once this were so too. */
export function suppose(
  world: Pick<World, 'now'>,
  { state, inputs }: Preview,
  { intents = [], policy = inputs.policy }: Supposed,
): Judgement {
  const now = world.now();
  const sent = intents.map((intent) => ({ server: OPERATOR, intent }));
  const folded = foldWith(state, sent, { now, seenMemory: memoryOfRules(policy.escalate) });
  const escalated = escalate(folded, {
    policy,
    now,
    ...(policy === inputs.policy && { before: state.seen }),
  });
  return explain(escalated, { ...inputs, policy, now }).judgement;
}

/** What the state that is saved comes to: what waits in the spool is in no firewall yet. */
export async function previewSaved(world: World): Promise<Judgement> {
  const inputs = await loadInputs(freshMemory(world), { kind: 'full', mayGuess: true });
  return explain(inputs.state, { ...inputs, now: world.now() }).judgement;
}

/** The firewalls that were read: what they drop is told by DropTable and eachDrops. */
export function lookedAt({ families }: Preview): readonly Looked[] {
  return families.flatMap((each) => (each.kind === 'read' ? [{ ...each, ruleset: each.plan.ruleset }] : []));
}

async function lookAt(
  world: World,
  firewall: Tools | string,
  { family, conclusion }: { family: Family; conclusion: Conclusion },
): Promise<FamilyPreview> {
  if (typeof firewall === 'string') return { kind: 'unreadable', family, reason: firewall };
  try {
    const dataplane = openDataplane(world, firewall, family);
    const wanted = dataplane.rulesetOf(desireFamily(conclusion, family));
    const observed = await dataplane.read();
    return { kind: 'read', family, dataplane, observed, plan: dataplane.plan(wanted, observed) };
  } catch (error) {
    return { kind: 'unreadable', family, reason: messageWithMend(error) };
  }
}
