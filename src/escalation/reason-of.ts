/** Why a rule bans, in the words that a claim keeps: in git, in the log and for peers. */
import type { EscalateRule } from '../policy/escalate-schema.ts';
import type { Met } from './count-sightings.ts';

/** Names beyond these are not told one by one. */
const MOST_NAMED = 5;

/** `seen by web1, web2`, `3 bans by web1`, `4 addresses (203.0.113.7, …) seen by web1`. */
export function reasonOf({ counts, least }: Pick<EscalateRule, 'counts' | 'least'>, { by }: Met): string {
  const servers = named(by.map(({ server }) => server));
  switch (counts) {
    case 'servers':
      return `seen by ${servers}`;
    case 'bans':
      return `${least} bans by ${servers}`;
    case 'addresses':
      return `${least} addresses (${named(by.map(({ ip }) => ip))}) seen by ${servers}`;
  }
}

/** Each once, in order. */
function named(names: readonly string[]): string {
  const sorted = [...new Set(names)].sort();
  return sorted.slice(0, MOST_NAMED).join(', ') + (sorted.length > MOST_NAMED ? ', …' : '');
}
