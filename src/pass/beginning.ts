/** The state's beginning: what stands on the firewall then is taken over. */
import type { BanIntent } from '../intent/intent.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { liveClaims } from '../claims/live.ts';
import { fold, type SentIntent } from '../claims/fold.ts';
import type { State } from '../claims/state.ts';
import { FAMILIES, type Family } from '../domain/net.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { adoptRules, type Adoption, type AdoptRulesOptions } from '../firewall/adopt-rules.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { World } from '../world/world.ts';

interface BeginOptions {
  readonly state: State;
  readonly tools: Tools;
  readonly now: number;
  readonly kind: PassKind;
}

export interface Begun {
  /** With what stood on the firewall, as far as that is on disk. */
  readonly state: State;
  /** The rest of it. */
  readonly sent: readonly SentIntent[];
  /** Families whose bans are still to be adopted, and why; until then nothing is changed there. */
  readonly pending: Adoption['pending'];
  /** Families that are not to be touched: banspool only observes, and never enforced anything there. */
  readonly untouched: ReadonlySet<Family>;
}

/** Where nothing is to be taken over. */
export const NOTHING_BEGUN: Omit<Begun, 'state'> = { sent: [], pending: new Map(), untouched: new Set() };

export class Beginning {
  readonly #world: Pick<World, 'config'>;
  readonly #ledger: Ledger;
  readonly #took: Map<Family, number>;
  /** What stood on the firewall at the first start, until it is on disk. */
  #adopted: Adoption | undefined;
  /** Families whose bans could not be adopted yet, and why. */
  readonly #unadopted = new Map<Family, unknown>();
  /** Families that are being read for it, perhaps since an earlier pass that lost patience. */
  readonly #reading = new Set<Family>();

  /** `took`: how long reading each family takes, in milliseconds. */
  constructor(world: Pick<World, 'config'>, ledger: Ledger, took: Map<Family, number>) {
    this.#world = world;
    this.#ledger = ledger;
    this.#took = took;
  }

  /** True while a family is read that a pass gave up waiting for. */
  get isHanging(): boolean {
    return this.#reading.size > 0;
  }

  /**
   * At the first start, before anything of ours is on the firewall: takes over what stands there, on disk, and notes
   * that from now on what stands is ours. A crash before the note is followed by another first start; one after it
   * adopts nothing. A family that cannot be read then has a first start of its own, once it can be.
   */
  async begin(options: BeginOptions): Promise<Begun> {
    const { state, now } = options;
    if (this.#world.config.mode === 'observe') return this.#observe(state);
    const { families, isFirst } = await familiesToAdopt(this.#world, this.#ledger);
    if (families.length === 0) return { ...NOTHING_BEGUN, state };
    // What was read first is kept until it is saved: by now rules of ours stand there too, which are not to be adopted.
    const adoption = (this.#adopted ??= await this.#adoptReadable({ ...options, families }));
    const { sent, pending } = adoption;
    if (pending.size === families.length) {
      this.#adopted = undefined;
      if (isFirst) throw pending.values().next().value;
      return { ...NOTHING_BEGUN, state, pending };
    }
    const adopted = fold(state, sent, now);
    // The pass tells of what keeps it from being saved when it saves.
    if ((await this.#ledger.save(adopted)) !== undefined) return { ...NOTHING_BEGUN, state, ...adoption };
    await this.#ledger.mark.begin([...pending.keys()]);
    this.#adopted = undefined;
    return { ...NOTHING_BEGUN, state: adopted, pending };
  }

  /**
   * Takes nothing over. Where nothing was ever enforced, notes before anything is saved that what stands is still to be
   * adopted: the first pass that enforces is a first start to the firewall.
   */
  async #observe(state: State): Promise<Begun> {
    const untouched = await untouchedFamilies(this.#ledger);
    if ((await this.#ledger.mark.read()) === undefined) await this.#ledger.mark.begin(FAMILIES);
    return { ...NOTHING_BEGUN, state, untouched };
  }

  /**
   * Adopts what can be read. As in enforcing, only full passes try a family again that failed, and none does while the
   * last try still runs.
   */
  async #adoptReadable({ families, kind, ...options }: BeginOptions & Families): Promise<Adoption> {
    const unadopted = this.#unadopted;
    const reading = this.#reading;
    const isLeftAlone = (family: Family): boolean =>
      unadopted.has(family) && (kind === 'quick' || reading.has(family));
    const tried = families.filter((family) => !isLeftAlone(family));
    const left = families.filter(isLeftAlone);
    const { sent, pending } = await adoptUnclaimed(this.#world, {
      ...options,
      ...{ families: tried, took: this.#took, adopting: reading },
    });
    for (const family of tried) unadopted.delete(family);
    for (const [family, error] of pending) unadopted.set(family, error);
    return {
      sent,
      pending: new Map([...left.map((family) => [family, unadopted.get(family)] as const), ...pending]),
    };
  }
}

/** What {@link Beginning} would begin with where it enforces; nothing of it is saved or noted. */
export async function previewBeginning(
  world: Pick<World, 'config'>,
  ledger: Ledger,
  options: Omit<BeginOptions, 'kind'>,
): Promise<Begun> {
  const { state } = options;
  const { families } = await familiesToAdopt(world, ledger);
  if (families.length === 0) return { ...NOTHING_BEGUN, state };
  return { ...NOTHING_BEGUN, state, ...(await adoptUnclaimed(world, { ...options, families })) };
}

/** Those in which nothing was ever enforced, and what stands is not ours, while banspool observes. */
export async function untouchedFamilies({ mark }: Pick<Ledger, 'mark'>): Promise<ReadonlySet<Family>> {
  return new Set((await mark.read()) === undefined ? FAMILIES : await mark.pendingFamilies());
}

/** All of them at the first start; later those that could not be adopted then. */
export async function familiesToAdopt(
  { config }: Pick<World, 'config'>,
  { history, mark }: Pick<Ledger, 'history' | 'mark'>,
): Promise<Families & { readonly isFirst: boolean }> {
  const isFirst = await history.isFirstStart();
  return { isFirst, families: isFirst ? config.families : await mark.pendingFamilies() };
}

interface Families {
  readonly families: readonly Family[];
}

/** The bans that stand, but for those that a first start took over before it was killed. */
export async function adoptUnclaimed(
  world: Pick<World, 'config'>,
  { state, tools, ...options }: Pick<BeginOptions, 'state' | 'tools'> & AdoptRulesOptions,
): Promise<Adoption> {
  const claimed = new Set<string>();
  for (const { jail, ip } of liveClaims(state, options.now)) claimed.add(`${jail} ${ip.text}`);
  const { sent, pending } = await adoptRules(world, tools, options);
  const isNew = ({ intent }: SentIntent): boolean =>
    !claimed.has(`${intent.jail} ${(intent as BanIntent).ip.text}`);
  return { sent: sent.filter(isNew), pending };
}
