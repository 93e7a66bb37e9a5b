/** Makes one family's firewall equal to what is desired, and looks whether it is. */
import { countersNeeded, isRefresh, type Change } from './change.ts';
import type { Dataplane, Observed, Plan, Ruleset } from './dataplane.ts';
import { BanspoolError, messageOf } from '../system/error.ts';

export interface Converged {
  readonly observed: Observed;
  /** What was wanted, but for sets whose names are taken. */
  readonly ruleset: Ruleset;
  /** What was done, in order. */
  readonly changes: readonly Change[];
  /** What somebody else had changed since it was last enforced. */
  readonly drift: readonly Change[];
  /** Chains of ours that somebody else had left without a rule. */
  readonly emptied: ReadonlySet<string>;
  readonly missingHooks: readonly string[];
  readonly heldSets: readonly string[];
  /** What still differs after all tries; empty when the kernel holds what it should. */
  readonly remaining: readonly Change[];
  /** Lines that were read and mean nothing. */
  readonly noise: readonly string[];
}

interface ConvergeOptions {
  readonly dataplane: Dataplane;
  /** What the last pass saw, if it may be trusted; it agreed with `before`. */
  readonly trusted: Observed | undefined;
  /** What it saw, whether that may be trusted or not: it spares the listing of large sets that are as they were. */
  readonly known?: Observed | undefined;
  /** Somebody else changed the table since; of the sets nothing is heard. */
  readonly isSuspect: boolean;
  /** What the last pass enforced. */
  readonly before: Ruleset | undefined;
  /** How many rules went from a chain in one transaction of somebody else's, as far as it is heard by now. */
  readonly cut: () => ReadonlyMap<string, number>;
}

/**
 * How often a plan is made, applied and checked. Once is the rule; a second time when another program changed the
 * table between our read and our write; what differs after a third will not come right by trying.
 */
const TRIES = 3;

/** Enforces; throws when the firewall cannot be read, or refuses what is planned from what it just showed. */
export async function converge(wanted: Ruleset, options: ConvergeOptions): Promise<Converged> {
  const convergence = new Convergence(wanted, options);
  let standing = await convergence.begin();
  for (let tries = 0; standing.next.changes.length > 0 && tries < TRIES; tries += 1)
    standing = await convergence.try(standing);
  return convergence.end(standing);
}

/** What stands, and what is still to be done. */
interface Standing {
  readonly observed: Observed;
  readonly next: Plan;
}

class Convergence {
  readonly #wanted: Ruleset;
  readonly #options: ConvergeOptions;
  readonly #emptied = new Set<string>();
  #done: readonly Change[] = [];
  #drift: readonly Change[] = [];
  /** False while it goes by `trusted`; true once the table was read in this enforcement. */
  #isFresh = false;
  /** The same of the sets. */
  #areSetsFresh = false;
  #hasWaited = false;
  /** Why the last transaction was refused; undefined after one that was taken. */
  #refusal: unknown;

  constructor(wanted: Ruleset, options: ConvergeOptions) {
    this.#wanted = wanted;
    this.#options = options;
  }

  async begin(): Promise<Standing> {
    const { dataplane, trusted, known, isSuspect, before } = this.#options;
    if (trusted !== undefined && !isSuspect) return this.#standing(trusted, before);
    this.#isFresh = true;
    this.#areSetsFresh = trusted === undefined;
    const observed = await (trusted === undefined ? dataplane.read(known) : dataplane.readAgain(trusted));
    const standing = await this.#afterOthers(this.#standing(observed));
    if (before !== undefined && standing.next.changes.length > 0) {
      // Drift is what would bring back what was enforced before. Timeouts run by themselves, so they are left out.
      const { changes } = dataplane.plan(before, standing.observed);
      this.#noteDrift(
        changes.filter((change) => !isRefresh(change)),
        dataplane.emptiedChains(standing.observed, before),
      );
    }
    return standing;
  }

  /** Applies what is planned; where it is refused it is planned anew from what stands. */
  async try(planned: Standing): Promise<Standing> {
    const standing = await this.#withCounters(planned);
    if (standing.next.changes.length === 0) return standing;
    try {
      return await this.#apply(standing);
    } catch (error) {
      if (this.#isFresh && this.#refusal !== undefined && messageOf(this.#refusal) === messageOf(error))
        throw error;
      this.#refusal = error;
      const now = this.#standing(await this.#options.dataplane.read());
      // Nobody said whether it was done: where nothing is left to do, it was.
      if (isUnacknowledged(error) && now.next.changes.length === 0)
        this.#done = [...this.#done, ...standing.next.changes];
      return now;
    } finally {
      this.#isFresh = true;
      this.#areSetsFresh = false;
    }
  }

  async end({ observed, next }: Standing): Promise<Converged> {
    const { ruleset, missingHooks, heldSets, changes: remaining } = next;
    const { dataplane } = this.#options;
    if (this.#refusal !== undefined && remaining.length > 0) throw this.#refusal as Error;
    return {
      observed: remaining.length === 0 ? (await dataplane.after(next, observed)).observed : observed,
      ruleset,
      changes: this.#done,
      drift: this.#drift,
      emptied: this.#emptied,
      missingHooks,
      heldSets,
      remaining,
      noise: [...dataplane.noise],
    };
  }

  /** What is made anew counts on from what stood there, so that is to be what it counts at this moment. */
  async #withCounters(standing: Standing): Promise<Standing> {
    const needed = countersNeeded(standing.next.changes);
    const isRead = needed === 'sets' ? this.#areSetsFresh : needed === 'none' || this.#isFresh;
    if (isRead) return standing;
    const { dataplane } = this.#options;
    this.#isFresh = true;
    this.#areSetsFresh ||= needed === 'sets';
    return this.#standing(
      await (needed === 'sets' ? dataplane.read() : dataplane.readAgain(standing.observed)),
    );
  }

  async #apply({ observed, next }: Standing): Promise<Standing> {
    const { dataplane } = this.#options;
    await dataplane.apply(next);
    this.#done = [...this.#done, ...next.changes];
    this.#refusal = undefined;
    const after = await dataplane.after(next, observed);
    if (!after.isRead) return this.#standing(after.observed, this.#wanted);
    const standing = await this.#afterOthers(this.#standing(after.observed));
    // Our transaction was taken, so somebody else made whatever differs now, unless a plan left a part for later.
    if (!next.isPartial && !standing.next.isPartial)
      this.#noteDrift(standing.next.changes, dataplane.emptiedChains(standing.observed, this.#wanted));
    return standing;
  }

  /** Lets a script that is making the table anew come to its end, once. */
  async #afterOthers(standing: Standing): Promise<Standing> {
    const { before, dataplane, trusted, cut } = this.#options;
    const { observed, next } = standing;
    const { changes } = next;
    if (this.#hasWaited || !dataplane.isEmptied(observed, before, { changes, trusted, cut: cut() }))
      return standing;
    this.#hasWaited = true;
    await dataplane.untilQuiet();
    return this.#standing(await dataplane.readAgain(observed));
  }

  #standing(observed: Observed, settled?: Ruleset): Standing {
    return { observed, next: this.#options.dataplane.plan(this.#wanted, observed, settled) };
  }

  #noteDrift(changes: readonly Change[], emptied: readonly string[]): void {
    this.#drift = [...this.#drift, ...changes];
    for (const chain of emptied) this.#emptied.add(chain);
  }
}

function isUnacknowledged(error: unknown): boolean {
  return error instanceof BanspoolError && error.code === 'unacknowledged';
}
