/** Reads all that a pass folds and judges by, but for the spool: state, policy, and what only this machine knows. */
import { parseNet, type Net } from '../net/net.ts';
import { parseServices, type Services } from '../net/services.ts';
import type { Policy } from '../policy/policy.ts';
import type { State } from '../state/state.ts';
import type { Damage } from '../state/store.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { lostHistory, partlyGone, requireDescent, requireState, type Lost } from './begun.ts';
import { gitOfOwner } from '../ledger/git-of-owner.ts';
import { mendOfGit } from '../ledger/mend-of-git.ts';
import { policyPath, type Memory } from './memory.ts';
import type { Problem } from '../names/conditions.ts';
import type { PassKind } from './pass.ts';
import { isPolicyStale, refreshPolicy } from './policy-in-force.ts';
import type { World } from './world.ts';

export interface Inputs {
  readonly state: State;
  readonly policy: Policy;
  readonly services: Services;
  readonly ownAddresses: readonly Net[];
  readonly problems: readonly Problem[];
  /** True when somebody else, a person or another process, may have written into the state's folder. */
  readonly changedByOthers: boolean;
  /** True when a file of the state may be missing without anybody's knowing: git cannot be asked. */
  readonly mayLack: boolean;
}

export interface LoadOptions {
  readonly kind: PassKind;
  /** For who only looks: see policy-in-force.ts. */
  readonly mayGuess?: boolean;
}

/** Loads; throws when the state cannot be read: then nothing may be concluded from what is missing. */
export async function loadInputs(
  world: World,
  memory: Memory,
  { kind, mayGuess = false }: LoadOptions,
): Promise<Inputs> {
  await requireState(world, memory);
  const known = memory.store.current;
  const hasPolicy = world.files.modified(policyPath(world)) !== undefined;
  const doubt = memory.settledIn && hasPolicy ? undefined : await requireWhole(world, memory);
  if (doubt !== undefined && !hasPolicy) throw unknownLoss(doubt);
  if (kind === 'full' || memory.isStateSuspect) {
    await loadState(world, memory);
    memory.isStateSuspect = false;
  }
  const state = memory.store.current;

  const policyChanged = isPolicyStale(world, memory);
  if (doubt === undefined && (!memory.settledIn || policyChanged || state !== known)) {
    // Until it is in order each pass looks again, though nothing changes any more.
    const wasSettledIn = memory.settledIn;
    memory.settledIn = false;
    await requireDescent(world, memory);
    memory.settledIn = wasSettledIn;
  }
  const policyProblems = await refreshPolicy(world, memory, { mayGuess, mayLack: !hasPolicy });
  // This process did not know them before: what went since the first look was not loaded, and is not missed later.
  if (!memory.settledIn && doubt === undefined) await requireWhole(world, memory);
  if (memory.services === undefined || kind === 'full') memory.services = parseServices(world.servicesText());
  const ownAddresses = world.ownAddresses().flatMap((text) => parseNet(text) ?? []);
  return {
    state,
    policy: memory.policy.value,
    services: memory.services,
    ownAddresses,
    problems: [...policyProblems, ...(doubt === undefined ? [] : [doubtProblem(doubt)])],
    changedByOthers: (policyChanged && policyProblems.length === 0) || state !== known,
    mayLack: doubt !== undefined,
  };
}

async function loadState(world: World, memory: Memory): Promise<void> {
  let loaded = await memory.store.load();
  if (loaded.kind === 'lacking') {
    if (!memory.repository.exists()) throw partlyGone(world);
    const doubt = await requireWhole(world, memory);
    if (doubt !== undefined) throw unknownLoss(doubt);
    loaded = await memory.store.load({ mayLack: true });
  }
  if (loaded.kind !== 'loaded') throw await damaged(world, loaded.kind === 'damaged' ? loaded.damages : []);
}

/** Why git cannot tell whether a file is missing, in its own words, and what a person does about it. */
interface Doubt extends Lost {
  readonly reason: 'GitFailed' | 'HistoryLost';
}

/** A file that is missing says nothing of what it held: no ban may be lifted for it, and the pass ends here. */
async function requireWhole(world: World, { repository }: Memory): Promise<Doubt | undefined> {
  const lost = await lostHistory(world, { repository });
  if (lost !== undefined) return { ...lost, reason: 'HistoryLost' };
  if (!repository.exists()) return undefined;
  const missing = await repository.missingFiles().catch((error: unknown): string => messageOf(error));
  if (typeof missing === 'string')
    return { what: missing, mend: await mendOfGit(world), reason: 'GitFailed' };
  const [first] = missing;
  if (first === undefined) return undefined;
  const takeBack = await gitOfOwner(world, await repository.takeBack(first));
  const more = missing.length > 1 ? ` and ${missing.length - 1} more files` : '';
  throw new BanspoolError(
    'damaged-state',
    `${repository.folder}/${first}${more} is missing, and git has it`,
    {
      hint: `take it back: ${takeBack}; or, if it was meant to go, commit that; until then rules stay as they are`,
    },
  );
}

/** Of a file that is known to be gone: the policy, or one that was there a pass ago. */
function unknownLoss({ what, mend, reason }: Doubt): BanspoolError {
  const hint = reason === 'GitFailed' ? `let git read the state again: ${mend}` : mend;
  return new BanspoolError(
    'damaged-state',
    `a file of the state is not there, and git cannot tell whether it was meant to go: ${what}`,
    { hint: `${hint}; until then rules stay as they are` },
  );
}

/** What is there is enforced all the same: after a boot no ban would stand otherwise. */
function doubtProblem({ what, mend, reason }: Doubt): Problem {
  const message = `whether a file of the state is missing cannot be told: ${what}; mend: ${mend}`;
  return { condition: 'Committed', reason, message };
}

async function damaged(world: World, damages: readonly Damage[]): Promise<BanspoolError> {
  const [first] = damages;
  const takeBack = await gitOfOwner(world, `checkout HEAD -- ${first?.file ?? ''}`);
  const place = `${world.config.state}/${first?.file ?? ''} line ${first?.line ?? 1}`;
  const more = damages.length > 1 ? ` (and ${damages.length - 1} more)` : '';
  return new BanspoolError('damaged-state', `${place}: ${first?.message ?? 'unreadable'}${more}`, {
    hint: `mend the line, or take the last good file back: ${takeBack}; until then rules stay as they are`,
  });
}
