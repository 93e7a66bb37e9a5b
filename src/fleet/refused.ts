/** The refused lines of a peer: their number, the limit that refuses them, and the words for both. Pure. */
import { countText } from '../domain/words.ts';
import { MAX_JAILS } from '../policy/limits.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';

/** A limit of the peer in the policy; `jails`: too many jails; `form`: banspool does not publish such a line. */
export type RefusedBy = 'claims' | 'jails' | 'lifts' | 'prefix4' | 'prefix6' | 'form';

/** The number of refused lines for each limit. */
export type Refused = Readonly<Partial<Record<RefusedBy, number>>>;

/** The sum over several files. */
export function sumOfRefused(files: Iterable<Refused>): Refused {
  const sum: Partial<Record<RefusedBy, number>> = {};
  for (const file of files)
    for (const by of ORDER) {
      const count = file[by] ?? 0;
      if (count > 0) sum[by] = (sum[by] ?? 0) + count;
    }
  return sum;
}

/** The number of all refused lines. */
export function countRefused(refused: Refused): number {
  return ORDER.reduce((sum, by) => sum + (refused[by] ?? 0), 0);
}

/** `2 claims beyond claims: 500, 1 lift wider than prefix4: 24`. */
export function refusedText(refused: Refused, limits: PeerPolicy): string {
  return ORDER.flatMap((by) => {
    const count = refused[by] ?? 0;
    return count === 0 ? [] : [`${countText(count, LINES[by])} ${limitText(by, limits)}`];
  }).join(', ');
}

/** `beyond claims: 500`, `wider than prefix4: 24`. */
export function limitText(by: RefusedBy, limits: PeerPolicy): string {
  if (by === 'form') return 'that banspool does not publish';
  if (by === 'jails') return `beyond the ${MAX_JAILS} jails that a peer may use`;
  return `${by === 'prefix4' || by === 'prefix6' ? 'wider than' : 'beyond'} ${by}: ${limits[by]}`;
}

const LINES: Readonly<Record<RefusedBy, string>> = {
  ...{ claims: 'claim', jails: 'claim', lifts: 'lift', prefix4: 'lift', prefix6: 'lift', form: 'line' },
};

const ORDER: readonly RefusedBy[] = ['claims', 'jails', 'lifts', 'prefix4', 'prefix6', 'form'];
