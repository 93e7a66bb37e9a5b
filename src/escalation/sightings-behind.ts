/**
 * Which sightings led to a ban by a rule: what is still remembered of those that count for it, in the time that the
 * rule names before the ban began. None where the policy has no such rule, or all of it is forgotten.
 */
import { seenInside, seenOf } from '../claims/seen/seen-tree.ts';
import { shardOf, type State } from '../claims/state.ts';
import { ESCALATION } from '../domain/names.ts';
import type { Net } from '../domain/net.ts';
import type { Policy } from '../policy/policy.ts';
import type { Sighting } from './count-sightings.ts';
import { sightingsFor } from './which-count.ts';

interface Following {
  readonly ip: Net;
  readonly server: string;
  /** The name of the rule. */
  readonly jail: string;
  readonly since: number;
}

/** Oldest first; of what no rule banned none. */
export function sightingsBehind(
  { ip, server, jail, since }: Following,
  known: { readonly state: State; readonly policy: Policy },
): readonly Sighting[] {
  const rule = known.policy.escalate.find(({ name }) => name === jail);
  const region = known.state.seen.get(shardOf(ip));
  if (server !== ESCALATION || rule === undefined || region === undefined) return [];
  const seen =
    rule.counts === 'addresses' ? Array.from(seenInside(region.tree, ip)) : (seenOf(region.tree, ip) ?? []);
  return sightingsFor(rule, { ip, seen: [seen].flat() }, known)
    .filter((each) => each.since <= since && each.since >= since - rule.within)
    .sort((a, b) => a.since - b.since || (a.server < b.server ? -1 : 1));
}
