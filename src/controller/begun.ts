/** The state's beginning: what stands on the firewall then is taken over. */
import type { BanIntent } from '../intent/intent.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { liveClaims } from '../state/live.ts';
import { fold, type Said } from '../state/fold.ts';
import type { State } from '../state/state.ts';
import type { Family } from '../net/net.ts';
import type { Firewall } from '../system/iptables.ts';
import { adoptRules, type Adoption, type AdoptRulesOptions } from './adopt-rules.ts';
import { freshMemory, type Memory } from './memory.ts';
import type { PassKind } from './pass.ts';
import type { World } from './world.ts';

export interface BeginOptions {
  readonly state: State;
  readonly firewall: Firewall;
  readonly now: number;
  readonly kind: PassKind;
}

export interface Begun {
  /** With what stood on the firewall, as far as that is on disk. */
  readonly state: State;
  /** The rest of it. */
  readonly said: readonly Said[];
  /** Families whose bans are still to be adopted, and why; until then nothing is changed there. */
  readonly pending: Adoption['pending'];
}

/**
 * At the first start, before anything of ours is on the firewall: takes over what stands there, on disk, and notes that
 * from now on what stands is ours. A crash before the note is followed by another first start; one after it adopts nothing.
 * A family that cannot be read then has a first start of its own, once it can be.
 */
export async function beginState(
  world: World,
  memory: Memory,
  { state, firewall, now, kind }: BeginOptions,
): Promise<Begun> {
  const { ledger } = memory;
  const { families, isFirst } = await familiesToAdopt(world, ledger);
  if (families.length === 0) return { state, said: [], pending: new Map() };
  // Where it could not be saved the pass went on all the same, and by now rules of ours stand among those.
  const adoption = (memory.adopted ??= await adoptReadable(world, memory, {
    ...{ state, firewall, now, families, kind },
  }));
  const { said, pending } = adoption;
  if (pending.size === families.length) {
    delete memory.adopted;
    if (isFirst) throw pending.values().next().value;
    return { state, said: [], pending };
  }
  const adopted = fold(state, said, now);
  // The pass tells of what keeps it from being saved when it saves.
  if ((await ledger.save(adopted)) !== undefined) return { state, ...adoption };
  await ledger.mark.begin([...pending.keys()]);
  delete memory.adopted;
  return { state: adopted, said: [], pending };
}

/** What {@link beginState} would begin with; nothing of it is saved or noted. */
export async function previewBeginning(
  world: World,
  { ledger }: Pick<Memory, 'ledger'>,
  options: Omit<BeginOptions, 'kind'>,
): Promise<Begun> {
  const { state } = options;
  const { families } = await familiesToAdopt(world, ledger);
  if (families.length === 0) return { state, said: [], pending: new Map() };
  return { state, ...(await adoptUnclaimed(world, { ...options, families })) };
}

/** All of them at the first start; later those that could not be adopted then. */
export async function familiesToAdopt(
  { config }: Pick<World, 'config'>,
  { history, mark }: Pick<Ledger, 'history' | 'mark'>,
): Promise<Families & { readonly isFirst: boolean }> {
  const isFirst = await history.isFirstStart();
  return { isFirst, families: isFirst ? config.families : await mark.pendingFamilies() };
}

/** As in enforcing, a family that fails is tried again by full passes alone, and by none while the last try goes on. */
async function adoptReadable(
  world: World,
  memory: Memory,
  { families, kind, ...options }: BeginOptions & Families,
): Promise<Adoption> {
  const { unadopted, adopting, took } = memory;
  const isLeftAlone = (family: Family): boolean =>
    unadopted.has(family) && (kind === 'quick' || adopting.has(family));
  const tried = families.filter((family) => !isLeftAlone(family));
  const left = families.filter(isLeftAlone);
  const { said, pending } = await adoptUnclaimed(world, { ...options, families: tried, took, adopting });
  for (const family of tried) unadopted.delete(family);
  for (const [family, error] of pending) unadopted.set(family, error);
  return {
    said,
    pending: new Map([...left.map((family) => [family, unadopted.get(family)] as const), ...pending]),
  };
}

interface Families {
  readonly families: readonly Family[];
}

/** The bans that stand, but for those that a first start took over before it was killed. */
export async function adoptUnclaimed(
  world: World,
  { state, firewall, ...options }: Pick<BeginOptions, 'state' | 'firewall'> & AdoptRulesOptions,
): Promise<Adoption> {
  const claimed = new Set<string>();
  for (const { jail, ip } of liveClaims(state, options.now)) claimed.add(`${jail} ${ip.text}`);
  const { said, pending } = await adoptRules(world, firewall, options);
  const isNew = ({ intent }: Said): boolean =>
    !claimed.has(`${intent.jail} ${(intent as BanIntent).ip.text}`);
  return { said: said.filter(isNew), pending };
}

/** Somebody said that what this process knows is over: it begins as one that has just started. */
export async function forgetIfTold(world: World, memory: Memory): Promise<void> {
  const { ledger } = memory;
  if (!ledger.mark.isNoted || !(await ledger.history.isFirstStart())) return;
  const { drift, spool, firewall } = memory;
  Object.assign(memory, freshMemory(world), { drift, spool, ...(firewall && { firewall }) });
}
