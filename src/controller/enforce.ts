/** Makes one family's table equal to what is desired, and looks whether it is. */
import { render } from '../apply/render.ts';
import type { Desired } from '../desired/desire.ts';
import { observe, type Observed } from '../observed/observe.ts';
import { plan, type Change, type Plan } from '../plan/plan.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';

export interface Enforced {
  readonly observed: Observed;
  /** What was done, in order. */
  readonly changes: readonly Change[];
  /** What somebody else had changed since it was last enforced. */
  readonly drift: readonly Change[];
  readonly missingHooks: readonly string[];
  /** What still differs after all tries; empty when the kernel holds what it should. */
  readonly remaining: readonly Change[];
  /** Lines that iptables printed and that are no rules. */
  readonly noise: readonly string[];
}

export interface EnforceOptions {
  readonly firewall: Firewall;
  readonly hooks: readonly string[];
  readonly prefix: string;
  /** What the last pass saw, if it may be trusted. */
  readonly trusted: Observed | undefined;
  /** What the last pass enforced. */
  readonly before: Desired | undefined;
}

/**
 * How often a plan is made, applied and checked. Once is the rule; a second time when another program changed the
 * table between our read and our write; what differs after a third will not come right by trying.
 */
const TRIES = 3;

/** Enforces; throws when iptables cannot be read, or refuses what is planned from what it just showed. */
export async function enforce(desired: Desired, options: EnforceOptions): Promise<Enforced> {
  const { firewall, hooks, prefix, trusted, before } = options;
  const planOptions = { hooks, prefix, variant: firewall.variant };
  const done: Change[] = [];
  const noise = new Set<string>();
  const look = async (): Promise<Observed> => {
    const listing = observe(await firewall.list(desired.family), { family: desired.family, prefix });
    if (listing.kind === 'unreadable') {
      throw new BanspoolError('command-failed', `what iptables lists cannot be trusted: ${listing.reason}`);
    }
    for (const line of listing.noise) noise.add(line);
    return listing.observed;
  };

  let observed = trusted ?? (await look());
  let isFresh = trusted === undefined;
  const drift = isFresh && before !== undefined ? [...plan(before, observed, planOptions).changes] : [];
  let next: Plan = plan(desired, observed, planOptions);
  let refusal: unknown;
  for (let tries = 0; next.changes.length > 0 && tries < TRIES; tries += 1) {
    if (!isFresh && next.changes.some(({ kind }) => kind === 'rewrite')) {
      // A rewrite carries the counters over, so it needs those of this moment.
      observed = await look();
      isFresh = true;
      next = plan(desired, observed, planOptions);
      if (next.changes.length === 0) break;
    }
    try {
      await firewall.restore(desired.family, render(next.changes));
      done.push(...next.changes);
      refusal = undefined;
    } catch (error) {
      if (isFresh && refusal !== undefined && messageOf(refusal) === messageOf(error)) throw error;
      refusal = error;
    }
    observed = await look();
    isFresh = true;
    next = plan(desired, observed, planOptions);
    // Right after a transaction that was taken, what differs is somebody else's doing.
    if (refusal === undefined) drift.push(...next.changes);
  }
  if (refusal !== undefined && next.changes.length > 0) throw refusal as Error;
  return {
    observed,
    changes: done,
    drift,
    missingHooks: next.missingHooks,
    remaining: next.changes,
    noise: [...noise],
  };
}
