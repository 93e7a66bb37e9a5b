/**
 * Remembers what was held against the rules, so that one more ban costs the same however many are remembered. It
 * counts as looked at once what followed from it is on the disk.
 */
import type { SeenRegions } from '../claims/seen/seen-region.ts';
import type { State } from '../claims/state.ts';
import type { Problem } from '../domain/conditions.ts';
import type { Policy } from '../policy/policy.ts';
import { escalate } from './escalate.ts';
import { findFull } from './find-full.ts';

interface Looked {
  readonly policy: Policy;
  readonly seen: SeenRegions;
}

export class Escalator {
  #looked: Looked | undefined;
  #saved: Looked | undefined;
  #problems: { readonly of: SeenRegions; readonly found: readonly Problem[] } | undefined;

  /** Escalates; of a policy that is another than before, by all that is remembered. */
  escalate(state: State, { policy, now }: { readonly policy: Policy; readonly now: number }): State {
    this.#looked = { policy, seen: state.seen };
    const before = this.#saved?.policy === policy ? { before: this.#saved.seen } : {};
    return escalate(state, { policy, now, ...before });
  }

  /** To be called when the state that {@link escalate} returned is on the disk. */
  noteSaved(): void {
    this.#saved = this.#looked;
  }

  /** Servers of which no more is remembered. */
  problems(): readonly Problem[] {
    const seen = this.#looked?.seen;
    if (seen === undefined) return [];
    if (this.#problems?.of !== seen) this.#problems = { of: seen, found: findFull(seen) };
    return this.#problems.found;
  }
}
