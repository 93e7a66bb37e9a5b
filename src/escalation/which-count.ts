/**
 * Which of the sightings that are remembered count for a rule: those of the jails that it names, that the policy lets
 * their server claim, of no address that it allowed then, and that no operator has lifted since.
 */
import { endOfSighting } from '../claims/seen/trail.ts';
import type { Seen } from '../claims/seen/seen-tree.ts';
import { liftedUntil } from '../claims/live.ts';
import type { State } from '../claims/state.ts';
import { ESCALATION } from '../domain/names.ts';
import { contains, type Net } from '../domain/net.ts';
import type { EscalateRule } from '../policy/escalate-schema.ts';
import { limitsOf, widestOf } from '../policy/limits.ts';
import type { Policy } from '../policy/policy.ts';
import type { Sighting } from './count-sightings.ts';

/** What a rule may ban: an address, or a net, with all that was seen of it. */
export interface Target {
  readonly ip: Net;
  readonly seen: readonly Seen[];
}

/** Those that count for the rule, of this target. */
export function sightingsFor(
  rule: EscalateRule,
  { ip, seen }: Target,
  { state, policy }: { readonly state: State; readonly policy: Policy },
): readonly Sighting[] {
  const lifted = liftedUntil({ ip, server: ESCALATION, jail: rule.name }, state);
  return seen.flatMap((each) => {
    const allowed = allowedUntil(each.ip, policy);
    return each.trails.flatMap((trail) => {
      const { server, jail } = trail;
      if (rule.jails?.includes(jail) === false || !mayClaim(each.ip, trail, policy)) return [];
      const after = Math.max(lifted, allowed, liftedUntil(trail, state));
      return trail.bans
        .filter(({ since }) => since > after)
        .map((ban) => ({ ip: each.ip.text, server, jail, since: ban.since, end: endOfSighting(ban, trail) }));
    });
  });
}

/** True for what would be enforced were it claimed now; a ban that the policy shortens began all the same. */
function mayClaim(
  ip: Net,
  { server, jail }: { readonly server: string; readonly jail: string },
  policy: Policy,
): boolean {
  const limits = limitsOf(server, policy);
  return ip.prefix >= widestOf(ip, limits) && (limits.jails?.includes(jail) ?? true);
}

/** Bans that began by then were of an allowed address: by the policy, whatever the time is now. */
function allowedUntil(ip: Net, { allow }: Policy): number {
  return allow.reduce((end, { net, until }) => (contains(net, ip) ? Math.max(end, until) : end), -Infinity);
}
