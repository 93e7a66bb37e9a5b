/** What a firewall that only observes is asked for: nothing, so that nothing of ours is left there. */
import type { Conclusion } from './conclude.ts';

/** All that a firewall is asked for by a conclusion; the rest of it is counted and told. */
const NOBODY = { portions: { ipv4: new Map(), ipv6: new Map() }, lists: [], deny: [], allowed: [] } as const;

/** The same conclusion, of which nothing stands and nobody has to be let by. */
export function enforceNothing(conclusion: Conclusion): Conclusion {
  return { ...conclusion, ...NOBODY };
}
