/** The lines of a peer that are not taken in: how many, what refuses them, and the words for it. Pure. */
import { countText } from '../domain/words.ts';
import { MAX_JAILS } from '../policy/limits.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';

/** A limit of the peer in the policy; how many jails it may name; or `form`: it is no line of a peer. */
export type RefusedBy = 'claims' | 'jails' | 'lifts' | 'prefix4' | 'prefix6' | 'form';

/** How many lines, by what refuses them. */
export type Refused = Readonly<Partial<Record<RefusedBy, number>>>;

/** Of several files. */
export function sumOfRefused(files: Iterable<Refused>): Refused {
  const sum: Partial<Record<RefusedBy, number>> = {};
  for (const file of files)
    for (const by of ORDER) {
      const count = file[by] ?? 0;
      if (count > 0) sum[by] = (sum[by] ?? 0) + count;
    }
  return sum;
}

/** How many lines. */
export function countRefused(refused: Refused): number {
  return ORDER.reduce((sum, by) => sum + (refused[by] ?? 0), 0);
}

/** `2 claims beyond claims: 500, 1 lift wider than prefix4: 24`. */
export function refusedText(refused: Refused, limits: PeerPolicy): string {
  return ORDER.flatMap((by) => {
    const count = refused[by] ?? 0;
    return count === 0 ? [] : [TEXTS[by](count, limits)];
  }).join(', ');
}

const TEXTS: Readonly<Record<RefusedBy, (count: number, limits: PeerPolicy) => string>> = {
  claims: (count, { claims }) => `${countText(count, 'claim')} beyond claims: ${claims}`,
  jails: (count) => `${countText(count, 'claim')} beyond the ${MAX_JAILS} jails that a peer may use`,
  lifts: (count, { lifts }) => `${countText(count, 'lift')} beyond lifts: ${lifts}`,
  prefix4: (count, { prefix4 }) => `${countText(count, 'lift')} wider than prefix4: ${prefix4}`,
  prefix6: (count, { prefix6 }) => `${countText(count, 'lift')} wider than prefix6: ${prefix6}`,
  form: (count) => `${countText(count, 'line')} that banspool does not publish`,
};

const ORDER: readonly RefusedBy[] = ['claims', 'jails', 'lifts', 'prefix4', 'prefix6', 'form'];
