/** Makes one family's firewall equal to what is wanted, and looks whether it is. */
import { transactionsOf, type Transaction } from '../apply/transactions.ts';
import type { Observed } from '../observed/observe.ts';
import type { Change } from '../plan/change.ts';
import { isEmptied } from '../plan/emptied.ts';
import { plan, type Plan } from '../plan/plan.ts';
import type { Ruleset } from '../plan/ruleset.ts';
import { settle } from '../plan/settle.ts';
import { messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import { untilQuiet } from '../system/quiet-table.ts';
import { listTable, look, lookAtTable, type Look } from './look.ts';

export interface Enforced {
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
  /** Lines that iptables printed and that are no rules. */
  readonly noise: readonly string[];
}

export interface EnforceOptions {
  readonly firewall: Firewall;
  readonly hooks: readonly string[];
  readonly prefix: string;
  /** What the last pass saw, if it may be trusted; it agreed with `before`. */
  readonly trusted: Observed | undefined;
  /** Somebody else changed the table since; of the sets nothing is heard. */
  readonly isSuspect: boolean;
  /** What the last pass enforced. */
  readonly before: Ruleset | undefined;
  readonly now: () => number;
  /** How many rules went from a chain in one transaction of somebody else's, as far as it is heard by now. */
  readonly cut: () => ReadonlyMap<string, number>;
}

/**
 * How often a plan is made, applied and checked. Once is the rule; a second time when another program changed the
 * table between our read and our write; what differs after a third will not come right by trying.
 */
const TRIES = 3;

/** Enforces; throws when the firewall cannot be read, or refuses what is planned from what it just showed. */
export async function enforce(wanted: Ruleset, options: EnforceOptions): Promise<Enforced> {
  const { firewall, trusted, isSuspect, before } = options;
  const eye = new Eye(wanted, options);
  const done: Change[] = [];
  let isFresh = trusted === undefined || isSuspect;
  let observed = trusted ?? (await eye.all());
  if (trusted !== undefined && isSuspect) observed = await eye.table(trusted);
  let next = eye.plan(observed, isFresh ? undefined : before);
  if (isFresh && (await eye.waitIfEmptied(observed, next.changes))) {
    observed = await eye.table(observed);
    next = eye.plan(observed);
  }
  const isChanged = isFresh && before !== undefined && next.changes.length > 0;
  const drift = isChanged ? eye.drift(before, observed) : [];
  const emptied = new Set(isChanged ? emptyChains(observed, before) : []);
  let refusal: unknown;
  for (let tries = 0; next.changes.length > 0 && tries < TRIES; tries += 1) {
    if (!isFresh && next.changes.some(({ kind }) => kind === 'rewrite')) {
      // A rewrite carries the counters over, so it needs those of this moment.
      observed = await eye.table(observed);
      isFresh = true;
      next = eye.plan(observed);
      if (next.changes.length === 0) break;
    }
    try {
      const transactions = transactionsOf(next.changes);
      for (const transaction of transactions) await apply(firewall, wanted, transaction);
      done.push(...next.changes);
      refusal = undefined;
      const changedTable = transactions.some(({ tool }) => tool !== 'ipset');
      for (const set of next.blockedSets) eye.free.add(set);
      if (next.isPartial) observed = await eye.all();
      else {
        // That ipset took each line is the check of a set; of a table what it holds is read.
        if (changedTable) observed = await eye.table(observed);
        observed = settle(observed, next.ruleset, next.changes);
      }
      next = eye.plan(observed, changedTable ? undefined : wanted);
      if (changedTable && (await eye.waitIfEmptied(observed, next.changes))) {
        observed = await eye.table(observed);
        next = eye.plan(observed);
      }
      // Right after a transaction that was taken, what differs is somebody else's doing.
      if (changedTable && !next.isPartial) {
        drift.push(...next.changes);
        for (const chain of emptyChains(observed, wanted)) emptied.add(chain);
      }
    } catch (error) {
      if (isFresh && refusal !== undefined && messageOf(refusal) === messageOf(error)) throw error;
      refusal = error;
      observed = await eye.all();
      next = eye.plan(observed);
    }
    isFresh = true;
  }
  if (refusal !== undefined && next.changes.length > 0) throw refusal as Error;
  const { missingHooks, heldSets, changes: remaining } = next;
  const noise = [...eye.noise];
  if (remaining.length === 0) observed = settle(observed, next.ruleset, []);
  return {
    observed,
    ruleset: next.ruleset,
    changes: done,
    drift,
    emptied,
    missingHooks,
    heldSets,
    remaining,
    noise,
  };
}

function emptyChains({ chains }: Observed, wanted: Ruleset): readonly string[] {
  return [...wanted.chains.keys()].filter((chain) => chains.get(chain)?.length === 0);
}

async function apply(firewall: Firewall, { family }: Ruleset, { tool, text }: Transaction): Promise<void> {
  if (tool === 'iptables') return firewall.restore(family, text);
  if (tool === 'nft') return firewall.piecemeal?.change(text);
  if (firewall.sets.kind === 'usable') return firewall.sets.restore(text);
  throw new Error(`a plan for sets where there are none: ${firewall.sets.reason}`);
}

/** Looks at the firewall, and plans from what it sees. */
class Eye {
  readonly noise = new Set<string>();
  /** Sets that only rules of ours were in the way of: the kernel counts these for a while after they went. */
  readonly free = new Set<string>();
  readonly #wanted: Ruleset;
  readonly #options: EnforceOptions;
  #hasWaited = false;

  constructor(wanted: Ruleset, options: EnforceOptions) {
    this.#wanted = wanted;
    this.#options = options;
  }

  async all(): Promise<Observed> {
    return this.#note(await look(this.#options.firewall, this.#place));
  }

  /** The table as it is, with the sets as they were. */
  async table({ sets }: Observed): Promise<Observed> {
    return { ...this.#note(await lookAtTable(this.#options.firewall, this.#place)), sets };
  }

  plan(observed: Observed, settled?: Ruleset): Plan {
    return this.#planTo(this.#wanted, observed, settled);
  }

  /** Lets a script that is making the table anew come to its end, once; says whether it waited. */
  async waitIfEmptied(observed: Observed, changes: readonly Change[]): Promise<boolean> {
    const { before, hooks, firewall, trusted, cut } = this.#options;
    if (this.#hasWaited || !isEmptied(observed, before, { hooks, changes, trusted, cut: cut() }))
      return false;
    this.#hasWaited = true;
    await untilQuiet(() => listTable(firewall, this.#place));
    return true;
  }

  /** What would bring back what was enforced before; that a timeout runs is nobody's doing. */
  drift(before: Ruleset, observed: Observed): Change[] {
    return this.#planTo(before, observed).changes.filter(
      (change) => change.kind !== 'change-set' || change.added.length + change.removed.length > 0,
    );
  }

  #planTo(wanted: Ruleset, observed: Observed, settled?: Ruleset): Plan {
    const { hooks, prefix, firewall, now } = this.#options;
    const { free } = this;
    return plan(wanted, observed, { hooks, prefix, variant: firewall.variant, now: now(), free, settled });
  }

  get #place(): { family: Ruleset['family']; prefix: string; now: () => number } {
    const { prefix, now } = this.#options;
    return { family: this.#wanted.family, prefix, now };
  }

  #note({ observed, noise }: Look): Observed {
    for (const line of noise) this.noise.add(line);
    return observed;
  }
}
