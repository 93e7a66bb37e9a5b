/**
 * What should stand and why: the one answer from the claims of all sources, policy and time. A pass enforces it, and
 * every command that tells what is banned asks here too, so that a rule of policy/judge.ts counts for all of them.
 *
 * Claims are judged region by region, and again only where something changed since the conclusion before: what one
 * ban costs does not depend on how many there are. A conclusion holds what the firewall has to hold, and nothing else
 * of single claims.
 */
import { concludeLists, type ConcludedList, type CountingList } from './conclude-lists.ts';
import { concludeRegion, type ConcludedRegion } from './conclude-region.ts';
import type { Portion } from './portion.ts';
import { isSameRegion, liveClaimsOf, regionsOf, type Region } from './regions.ts';
import type { Family } from '../domain/net.ts';
import { judge, type Circumstances, type IgnoredClaim, type Judgement } from '../policy/judge.ts';
import { allowedByText } from '../policy/why-ignored.ts';
import type { LiveClaim } from '../claims/live.ts';
import type { DroppedClaim } from '../policy/dropped-claim.ts';
import { nextEnd } from '../claims/settle.ts';
import type { Regions, State } from '../claims/state.ts';

export interface Conclusion extends Pick<Judgement, 'deny' | 'allowed'> {
  /** What is enforced, by family and region. */
  readonly portions: Readonly<Record<Family, ReadonlyMap<string, Portion>>>;
  /** Their nets count in none of the numbers below. */
  readonly lists: readonly ConcludedList[];
  /** Different addresses in different jails, and denied nets. */
  readonly bans: number;
  /** Live ones, enforced or not. */
  readonly claims: number;
  /** Those of them that are not. */
  readonly ignored: number;
  /** When a claim, or what is concluded of it, changes by the clock; Infinity: never. */
  readonly nextChange: number;
  readonly regions: ReadonlyMap<string, ConcludedRegion>;
  readonly basis: Basis;
}

/** All that is judged by, beside the ledger's claims. */
export interface Grounds extends Circumstances {
  /** What other sources claim. */
  readonly given?: readonly Regions[];
  /** Lists that policy.yaml names. */
  readonly lists?: readonly CountingList[];
}

/** Whatever a region's conclusion rests on beside its claims and the time. */
export interface Basis extends Pick<Circumstances, 'policy'>, Pick<State, 'servers'> {
  readonly allowed: string;
  readonly scopes: string;
}

interface ConcludeOptions {
  /** Regions that nothing changed of since are taken from it as they are. */
  readonly before?: Conclusion | undefined;
  /** Regions that were judged already, at this time. */
  readonly judged?: ReadonlyMap<string, Judgement>;
}

/**
 * Concludes from the claims in `state` and those that are given. Regions that are still good are the same objects as
 * in `before`.
 */
export function conclude(
  state: State,
  grounds: Grounds,
  { before, judged }: ConcludeOptions = {},
): Conclusion {
  const { now, given } = grounds;
  const { deny, allowed, nextChange } = judge([], grounds);
  const basis = basisOf(state, grounds, { allowed, before: before?.basis });
  const known = before !== undefined && isSameBasis(basis, before.basis) ? before.regions : undefined;
  const portions = { ipv4: new Map<string, Portion>(), ipv6: new Map<string, Portion>() };
  const regions = new Map<string, ConcludedRegion>();
  let [bans, claims, ignored] = [deny.length, 0, 0];
  let next = Math.min(nextChange, nextEnd(state, now));
  for (const [name, region] of regionsOf(state, given)) {
    const old = known?.get(name);
    const isGood =
      old !== undefined && isSameRegion(old.region, region) && old.from <= now && now < old.until;
    const concluded = isGood
      ? old
      : concludeRegion(region, {
          ...{ state, circumstances: grounds, allowed, judgement: judged?.get(name) },
        });
    regions.set(name, concluded);
    if (concluded.portion.size > 0)
      portions[name.startsWith('ipv4/') ? 'ipv4' : 'ipv6'].set(name, concluded.portion);
    bans += concluded.bans;
    claims += concluded.claims;
    ignored += concluded.ignored;
    next = Math.min(next, concluded.until);
  }
  const lists = concludeLists(grounds.lists ?? [], {
    ...{ allowed, basis: basis.allowed, before: before?.lists },
  });
  return { portions, lists, deny, allowed, bans, claims, ignored, nextChange: next, regions, basis };
}

/** Every claim, and why it counts or does not. */
interface Explained {
  readonly judgement: Judgement;
  /** What should stand by it. */
  readonly conclude: () => Conclusion;
}

/** Judges, and keeps each claim, for who tells of single ones. */
export function explain(state: State, grounds: Grounds): Explained {
  const { deny, allowed, ...policy } = judge([], grounds);
  let { nextChange } = policy;
  const judged = new Map<string, Judgement>();
  const enforced: DroppedClaim[] = [];
  const ignored: IgnoredClaim[] = [];
  for (const [name, region] of regionsOf(state, grounds.given)) {
    const judgement = judgeRegion(region, state, grounds);
    judged.set(name, judgement);
    nextChange = Math.min(nextChange, judgement.nextChange);
    // One by one: as arguments of one call, over a hundred thousand overflow the stack.
    for (const claim of judgement.enforced) enforced.push(claim);
    for (const claim of judgement.ignored) ignored.push(claim);
  }
  return {
    judgement: { enforced, ignored, deny, allowed, nextChange },
    conclude: () => conclude(state, grounds, { judged }),
  };
}

interface Compared {
  readonly before: Judgement;
  readonly after: Judgement;
}

/** The same claims under two policies, one region at a time, so that not all of them are in memory twice. */
export function* compareRegions(
  state: State,
  { before, after }: { readonly before: Circumstances; readonly after: Grounds },
): Generator<Compared> {
  for (const [, region] of regionsOf(state, after.given)) {
    const live = Array.from(liveClaimsOf(region, state, after.now));
    yield { before: judge(live, before), after: judge(live, after) };
  }
}

/** Judges claims of the past, which are in no state any more. */
export function judgePast(claims: readonly LiveClaim[], circumstances: Circumstances): Judgement {
  return judge(claims, circumstances);
}

function judgeRegion(region: Region, state: State, circumstances: Circumstances): Judgement {
  return judge(liveClaimsOf(region, state, circumstances.now), circumstances);
}

/** What conclusions from these rest on beside claims and the time; `before` is the one before, and saves work. */
export function basisFor(state: State, grounds: Grounds, before?: Basis): Basis {
  return basisOf(state, grounds, { allowed: judge([], grounds).allowed, before });
}

function basisOf(
  { servers }: State,
  { policy }: Circumstances,
  { allowed, before }: Pick<Judgement, 'allowed'> & { readonly before: Basis | undefined },
): Basis {
  return {
    policy,
    servers,
    allowed: allowed.map(({ net, by }) => `${net.text} ${allowedByText(by)}`).join('\n'),
    scopes: servers === before?.servers ? before.scopes : scopesOf(servers),
  };
}

/** True where what follows from one follows from the other. */
export function isSameBasis(a: Basis, b: Basis): boolean {
  return a.policy === b.policy && a.allowed === b.allowed && a.scopes === b.scopes;
}

/** What jails say of ports, which is what their claims are about. */
function scopesOf(servers: State['servers']): string {
  const lines: string[] = [];
  for (const [server, jails] of servers) {
    for (const [jail, { scope }] of jails) {
      if (scope !== undefined)
        lines.push(`${server} ${jail} ${scope.said} ${scope.ports} ${scope.protocols}`);
    }
  }
  return lines.sort().join('\n');
}
