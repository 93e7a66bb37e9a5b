/** The state's beginning, and what must not be taken for one: a folder that vanished, a history that was set back. */
import type { BanIntent } from '../intent/intent.ts';
import { liveClaims } from '../state/live.ts';
import { fold, type Said } from '../state/fold.ts';
import type { State } from '../state/state.ts';
import type { Family } from '../net/net.ts';
import { BanspoolError } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import type { Lock } from '../system/lock.ts';
import { adoptRules, type Adoption, type AdoptRulesOptions } from './adopt-rules.ts';
import { gitOfOwner } from '../ledger/git-of-owner.ts';
import { readMark, writeMark } from '../ledger/mark.ts';
import { freshMemory, type Memory } from './memory.ts';
import type { Problem } from '../names/conditions.ts';
import type { PassKind } from './pass.ts';
import type { World } from './world.ts';

type Known = Pick<Memory, 'repository' | 'store'>;

/**
 * Throws where a state was begun and nothing of it is there: moved away, not mounted, or another folder than the config
 * named before. Whom it allows is not known then, and of the bans that stand none is anybody else's.
 */
export async function requireState(world: World, known: Known): Promise<void> {
  if (await hasHistory(known)) return;
  const { repository, store } = known;
  const mark = await readMark(world);
  // With claims, and only git gone, there is all that a pass needs.
  if (mark?.commit === undefined || (await store.hasFiles())) return;
  const { state } = world.config;
  const there = world.files.modified(state) === undefined ? 'is not there' : 'holds no state';
  const before = mark.state === state ? 'it held one' : `the state was in ${mark.state}`;
  const branch = repository.exists()
    ? await repository.head.branchWith(mark.commit).catch(() => undefined)
    : undefined;
  const back =
    branch === undefined
      ? 'bring it back, or mount it'
      : `bring it back: ${await gitOfOwner(world, `checkout ${branch}`)}`;
  throw new BanspoolError('damaged-state', `${state} ${there}, and ${before}`, {
    hint: `${back}; to begin anew, and take over what stands on the firewall: ${ACCEPT}; until then rules stay as they are`,
  });
}

/** False without a repository, and in one without a commit, such as `git init` makes: nothing was ever kept there. */
export async function hasHistory({ repository }: Pick<Known, 'repository'>): Promise<boolean> {
  return repository.exists() && !(await repository.head.isUnborn().catch(() => false));
}

/**
 * What a person is to know where a history was kept and is gone. What is claimed is on disk still, and enforced; but a
 * history that began anew unsaid would hide that the other is lost.
 */
export async function lostHistory(world: World, known: Pick<Known, 'repository'>): Promise<Lost | undefined> {
  if ((await hasHistory(known)) || (await readMark(world))?.commit === undefined) return undefined;
  const git = `${world.config.state}/.git`;
  const there = known.repository.exists() ? 'holds no commit' : 'is gone';
  return {
    what: `${git} ${there}, and the history that was kept there with it`,
    mend: `bring it back, or, to begin a new history: ${ACCEPT}`,
  };
}

/** The condition that it is, for a pass that commits nothing then. */
export function lostProblem({ what, mend }: Lost): Problem {
  const message = `${what}: nothing is committed; mend: ${mend}`;
  return { condition: 'Committed', reason: 'HistoryLost', message };
}

export interface Lost {
  readonly what: string;
  readonly mend: string;
}

/** Throws where files that this process knew are gone, and git with them. */
export function partlyGone(world: World): BanspoolError {
  return new BanspoolError(
    'damaged-state',
    `files of ${world.config.state} are gone, and its .git with them`,
    {
      hint: `bring them back, or mount the folder; until then rules stay as they are`,
    },
  );
}

/**
 * Throws where the newest commit that is known of is no longer in the history, and what stands differs from it: an older
 * commit was checked out, a branch set back, a backup put in place. Whoever reverts commits keeps them.
 */
export async function requireDescent(world: World, { repository }: Known): Promise<void> {
  if (!(await hasHistory({ repository }))) return;
  const mark = await readMark(world);
  if (mark?.commit === undefined || mark.state !== world.config.state) return;
  if (await repository.head.hasGrownFrom(mark.commit)) return;
  const commit = mark.commit.slice(0, 8);
  const back = await wayBack(world, repository, mark.commit);
  throw new BanspoolError(
    'damaged-state',
    `${repository.folder} is at another commit, whose history lacks ${commit}, the last that was enforced`,
    {
      hint: `${back}; or, if what stands there now is meant: ${ACCEPT}; until then rules stay as they are`,
    },
  );
}

/** To a commit that this repository may not even have: it may be another one. */
async function wayBack(world: World, { head }: Known['repository'], commit: string): Promise<string> {
  const branch = await head.branchWith(commit).catch(() => undefined);
  if (branch !== undefined) return `go back to it: ${await gitOfOwner(world, `checkout ${branch}`)}`;
  if (!(await head.hasCommit(commit))) return 'bring back the repository that has it';
  return `go back to it: ${await gitOfOwner(world, `reset --keep ${commit.slice(0, 8)}`)}`;
}

/** What a person says who knows that it is so. */
const ACCEPT = 'banspool accept';

export interface BeginOptions {
  readonly state: State;
  readonly firewall: Firewall;
  readonly lock: Lock;
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
  { state, firewall, lock, now, kind }: BeginOptions,
): Promise<Begun> {
  const isFirst = await isFirstStart(world, memory);
  const families = isFirst ? world.config.families : await pendingFamilies(world, memory);
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
  try {
    await memory.store.save(adopted, lock.check);
  } catch {
    // The pass tells of it when it saves.
    return { state, ...adoption };
  }
  await writeMark(world, { commit: (await readMark(world))?.commit, pending: [...pending.keys()] });
  delete memory.adopted;
  return { state: adopted, said: [], pending };
}

/** As in enforcing, a family that fails is tried again by full passes alone, and by none while the last try goes on. */
async function adoptReadable(
  world: World,
  memory: Memory,
  { families, kind, ...options }: Omit<BeginOptions, 'lock'> & Families,
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

/** It only ever becomes less. */
export async function pendingFamilies(world: World, memory: Memory): Promise<readonly Family[]> {
  if (memory.isAllAdopted === true) return [];
  const pending = (await readMark(world))?.pending ?? [];
  memory.isAllAdopted = pending.length === 0;
  return world.config.families.filter((family) => pending.includes(family));
}

/** True where no state was begun, however far a first start came before it was killed. */
export async function isFirstStart(world: World, known: Pick<Known, 'repository'>): Promise<boolean> {
  return (await readMark(world)) === undefined && !(await hasHistory(known));
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
  if (memory.markedAt === undefined || !(await isFirstStart(world, memory))) return;
  const { drift, spool, firewall } = memory;
  Object.assign(memory, freshMemory(world), { drift, spool, ...(firewall && { firewall }) });
}

/** After a reboot the newest commit that is known of may be this old: the mark beside the state is on a disk. */
const MARK_EVERY_MS = 60_000;

/** Notes the newest commit, for {@link requireDescent}. */
export async function noteCommit(world: World, memory: Memory): Promise<void> {
  const commit = await memory.repository.head.commit().catch(() => undefined);
  if (commit === undefined) return;
  const everywhere = world.now() - (memory.markedAt ?? -Infinity) > MARK_EVERY_MS;
  const pending = memory.isAllAdopted === true ? [] : ((await readMark(world))?.pending ?? []);
  await writeMark(world, { commit, pending }, { everywhere });
  if (everywhere && (await readMark(world))?.commit === commit) memory.markedAt = world.now();
}
