/**
 * When a rule was met last: the newest of the moments of sightings at which, with those of the time before that the
 * rule names, there are as many as it asks for. Pure. More sightings, and earlier ends of theirs, never make it fewer.
 */
import { compareTexts } from '../domain/names.ts';
import type { EscalateRule } from '../policy/escalate-schema.ts';

/** A ban that began, and that counts. */
export interface Sighting {
  /** In canonical text. */
  readonly ip: string;
  readonly server: string;
  readonly jail: string;
  readonly since: number;
  /** When it was over. */
  readonly end: number;
}

export interface Met {
  readonly at: number;
  /** All that led to it, oldest first. */
  readonly by: readonly Sighting[];
}

type Counting = Pick<EscalateRule, 'counts' | 'least' | 'within'>;

/** Undefined where the rule was never met. */
export function lastMet(rule: Counting, sightings: readonly Sighting[]): Met | undefined {
  if (sightings.length < rule.least) return undefined;
  const sorted = [...sightings].sort(bySince);
  let first = sorted.length;
  const counter = rule.counts === 'bans' ? undefined : new Counter(rule.counts);
  for (let last = sorted.length - 1; last >= 0; last -= 1) {
    const at = sorted[last]?.since ?? 0;
    while (first > 0 && (sorted[first - 1]?.since ?? 0) >= at - rule.within) {
      first -= 1;
      counter?.add(sorted[first]);
    }
    const count = counter?.count ?? countBans(sorted.slice(first, last + 1));
    if (count >= rule.least) return { at, by: sorted.slice(first, last + 1) };
    counter?.remove(sorted[last]);
  }
  return undefined;
}

/** Different servers, or addresses, of what is in it. */
class Counter {
  readonly #of: 'server' | 'ip';
  readonly #counts = new Map<string, number>();

  constructor(counts: 'servers' | 'addresses') {
    this.#of = counts === 'servers' ? 'server' : 'ip';
  }

  get count(): number {
    return this.#counts.size;
  }

  add(sighting: Sighting | undefined): void {
    if (sighting === undefined) return;
    const name = sighting[this.#of];
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  remove(sighting: Sighting | undefined): void {
    if (sighting === undefined) return;
    const name = sighting[this.#of];
    const left = (this.#counts.get(name) ?? 0) - 1;
    if (left > 0) this.#counts.set(name, left);
    else this.#counts.delete(name);
  }
}

/**
 * Of each server and jail as many as can follow one another, each beginning when the one before was over: what is told
 * again while it is in force is no other ban. It is found by taking always the one that ends first.
 */
function countBans(sightings: readonly Sighting[]): number {
  let count = 0;
  const ends = new Map<string, number>();
  for (const { ip, server, jail, since, end } of [...sightings].sort(byEnd)) {
    const trail = `${ip} ${server} ${jail}`;
    if (since < (ends.get(trail) ?? -Infinity)) continue;
    ends.set(trail, end);
    count += 1;
  }
  return count;
}

function byEnd(a: Sighting, b: Sighting): number {
  if (a.end !== b.end) return a.end < b.end ? -1 : 1;
  return a.since - b.since;
}

function bySince(a: Sighting, b: Sighting): number {
  return (
    a.since - b.since ||
    compareTexts(a.ip, b.ip) ||
    compareTexts(a.server, b.server) ||
    compareTexts(a.jail, b.jail)
  );
}
