/**
 * Claims in the order in which their first ban was heard, as a binary heap: a snapshot finds those that it may end
 * without a look at those that it may not. Nothing is taken out when a claim is replaced; who asks knows which are
 * current.
 */
import type { Claim } from './claim.ts';

interface Waiting {
  readonly heard: number;
  readonly claim: Claim;
}

export class ClaimQueue {
  /** In the heap's order: none was heard before the one at half its index. */
  readonly #heap: Waiting[] = [];
  /** Not yet in the heap: most queues are never asked. */
  #added: Claim[] = [];

  push(claim: Claim): void {
    if (claim.bans.length > 0) this.#added.push(claim);
  }

  /** Takes out the claims with a ban that was heard before `time`. */
  takeBefore(time: number): readonly Claim[] {
    for (const claim of this.#added) this.#insert({ heard: firstHeard(claim), claim });
    this.#added = [];
    const taken: Claim[] = [];
    for (let [first] = this.#heap; first !== undefined && first.heard < time; [first] = this.#heap) {
      taken.push(first.claim);
      this.#removeFirst();
    }
    return taken;
  }

  #insert(waiting: Waiting): void {
    let hole = this.#heap.length;
    this.#heap.push(waiting);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = this.#heap[above];
      if (parent === undefined || parent.heard <= waiting.heard) break;
      this.#heap[hole] = parent;
      hole = above;
    }
    this.#heap[hole] = waiting;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let hole = 0;
    for (;;) {
      const below = this.#firstBelow(hole);
      const child = this.#heap[below];
      if (child === undefined || child.heard >= last.heard) break;
      this.#heap[hole] = child;
      hole = below;
    }
    this.#heap[hole] = last;
  }

  #firstBelow(index: number): number {
    const left = 2 * index + 1;
    const [a, b] = [this.#heap[left], this.#heap[left + 1]];
    return a !== undefined && b !== undefined && b.heard < a.heard ? left + 1 : left;
  }
}

function firstHeard({ bans }: Claim): number {
  return bans.reduce((first, { heard }) => Math.min(first, heard), Infinity);
}
