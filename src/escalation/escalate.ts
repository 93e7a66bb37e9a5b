/**
 * Holds what was seen against the rules of escalation, and joins what follows to the claims: a ban of the address, or
 * of its net, from the moment at which a rule was met, as the server `escalation` claims it in the jail of that name.
 * Pure. Only what was seen anew is looked at; a look at all of it comes to the same.
 */
import { Draft } from '../claims/draft.ts';
import { EMPTY_JAIL, type Claim } from '../claims/claim.ts';
import { joinBan } from '../claims/claim-join.ts';
import { EMPTY_TREE, newlySeen } from '../claims/seen/seen-tree.ts';
import type { SeenRegions } from '../claims/seen/seen-region.ts';
import type { State } from '../claims/state.ts';
import { ESCALATION } from '../domain/names.ts';
import type { Net } from '../domain/net.ts';
import type { EscalateRule } from '../policy/escalate-schema.ts';
import type { Policy } from '../policy/policy.ts';
import { lastMet, type Met } from './count-sightings.ts';
import { LATE_MS } from './memory-of-rules.ts';
import { reasonOf } from './reason-of.ts';
import { targetsOf } from './targets.ts';
import { sightingsFor } from './which-count.ts';

interface EscalateOptions {
  readonly policy: Policy;
  readonly now: number;
  /** What was looked at already, by the same policy. */
  readonly before?: SeenRegions;
}

/** The state with what the rules ban; the same object where that is nothing new. */
export function escalate(state: State, { policy, now, before = NOTHING }: EscalateOptions): State {
  if (policy.escalate.length === 0 || state.seen === before) return state;
  const draft = new Draft(state, now);
  for (const [name, region] of state.seen) {
    const known = before.get(name);
    if (known === region) continue;
    const anew = Array.from(newlySeen(known?.tree ?? EMPTY_TREE, region.tree));
    for (const rule of policy.escalate) {
      for (const target of targetsOf(rule, anew, region)) {
        const met = lastMet(rule, sightingsFor(rule, target, { state, policy }));
        if (met !== undefined) ban(draft, { rule, ip: target.ip, met });
      }
    }
  }
  return draft.finish();
}

const NOTHING: SeenRegions = new Map();

interface Following {
  readonly rule: EscalateRule;
  readonly ip: Net;
  readonly met: Met;
}

function ban(draft: Draft, { rule, ip, met }: Following): void {
  const { at } = met;
  const key = { ip, server: ESCALATION, jail: rule.name };
  const next = { heard: at, since: at, until: at + rule.ban };
  if (next.until <= draft.now) return;
  const old = draft.claim(key) ?? { ...key, bans: [] };
  const claim = joinBan(old, next, EMPTY_JAIL);
  draft.putClaim(
    isNewest(claim, at) && !isTold(old, at, draft.now) ? withReason(claim, { rule, met }) : claim,
  );
}

function isNewest({ bans }: Claim, at: number): boolean {
  return bans[0]?.since === at;
}

/** Of what is so old that some of it may be forgotten, what was said when it was known stays. */
function isTold({ details }: Claim, at: number, now: number): boolean {
  return details?.said === at && at <= now - LATE_MS;
}

function withReason(claim: Claim, { rule, met }: Pick<Following, 'rule' | 'met'>): Claim {
  return { ...claim, details: { said: met.at, reason: reasonOf(rule, met) } };
}
