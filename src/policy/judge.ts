/** Holds claims against the policy: which are enforced, which are not, and why not. */
import { contains, netOf, type Net } from '../domain/net.ts';
import { peerOf } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';
import { aggregateOf, type DroppedClaim } from './dropped-claim.ts';
import { limitsOf, widestOf } from './limits.ts';
import type { LiveClaim } from '../claims/live.ts';
import type { EscalateRule } from './escalate-schema.ts';
import type { Policy, PolicyNet } from './policy.ts';
import type { AllowedBy, WhyIgnored } from './why-ignored.ts';

export interface Judgement {
  readonly enforced: readonly DroppedClaim[];
  readonly ignored: readonly IgnoredClaim[];
  readonly deny: readonly PolicyNet[];
  /** Nets that no rule of ours may drop: policy, own addresses, loopback. */
  readonly allowed: readonly AllowedNet[];
  /** When the policy itself changes by the clock: an entry or a shortened ban ends. Infinity: never. */
  readonly nextChange: number;
}

export interface IgnoredClaim {
  readonly claim: LiveClaim;
  readonly why: WhyIgnored;
}

export interface AllowedNet {
  readonly net: Net;
  /** Only what the policy allows may be dropped some day, once its line is gone. */
  readonly by: AllowedBy;
}

export interface Circumstances {
  readonly policy: Policy;
  readonly ownAddresses: readonly Net[];
  readonly now: number;
}

/** Judges every claim. To be asked by desired/conclude.ts alone, so that what is said and what is done are one. */
export function judge(claims: Iterable<LiveClaim>, circumstances: Circumstances): Judgement {
  const { policy, now } = circumstances;
  const { deny, allowed, nextChange: policyChange } = standingRules(circumstances);
  const enforced: DroppedClaim[] = [];
  const ignored: IgnoredClaim[] = [];
  let nextChange = policyChange;
  for (const claim of claims) {
    const why = reasonToIgnore(claim, { policy, allowed, now });
    if (why === undefined) {
      const end = shortenedEnd(claim, policy);
      const dropped = aggregateOf(claim.ip, policy.aggregate6);
      const meant = withPortsOfRule(claim, policy);
      const counted = end < claim.until ? { ...meant, until: end } : meant;
      enforced.push(dropped === undefined ? counted : { ...counted, dropped });
      if (end > now) nextChange = Math.min(nextChange, end);
    } else {
      ignored.push({ claim, why });
    }
  }
  return { enforced, ignored, deny, allowed, nextChange };
}

/** What the policy says whoever claims what. */
type StandingRules = Pick<Judgement, 'deny' | 'allowed' | 'nextChange'>;

interface KnownRules extends Pick<Circumstances, 'ownAddresses'> {
  readonly rules: StandingRules;
  /** Good from then until it changes by the clock, which may be set back. */
  readonly from: number;
}

/** A policy never changes: of 20,000 lines the same are handed on, so that nobody looks at them again. */
const KNOWN = new WeakMap<Policy, KnownRules>();

/** The same objects for as long as nothing of them changes. */
function standingRules(circumstances: Circumstances): StandingRules {
  const { policy, ownAddresses, now } = circumstances;
  const known = KNOWN.get(policy);
  if (known !== undefined && known.from <= now && now < known.rules.nextChange) {
    const isSame = ({ text }: Net, index: number): boolean => text === known.ownAddresses[index]?.text;
    if (ownAddresses.length === known.ownAddresses.length && ownAddresses.every(isSame)) return known.rules;
  }
  const rules = findStandingRules(circumstances);
  KNOWN.set(policy, { rules, ownAddresses, from: now });
  return rules;
}

function findStandingRules(circumstances: Circumstances): StandingRules {
  const { policy, now } = circumstances;
  const allowed = allowedNets(circumstances);
  const deny = policy.deny.filter(
    ({ net, until }) => until > now && !allowed.some((each) => contains(each.net, net)),
  );
  // One by one: as arguments of one call, over a hundred thousand overflow the stack.
  let nextChange = Infinity;
  for (const entries of [policy.allow, policy.deny])
    for (const { until } of entries) if (until > now) nextChange = Math.min(nextChange, until);
  return { deny, allowed, nextChange };
}

/** What is never dropped at `now`. */
function allowedNets({ policy, ownAddresses, now }: Circumstances): readonly AllowedNet[] {
  return [
    ...policy.allow
      .filter(({ until }) => until > now)
      .map(({ net, note, line }) => ({ net, by: { code: 'policy', line, note } as const })),
    ...LOOPBACK.map((net) => ({ net, by: { code: 'loopback' } as const })),
    ...ownAddresses.map((net) => ({ net, by: { code: 'own-address' } as const })),
  ];
}

/** RFC 1122, 3.2.1.3 and RFC 4291, 2.5.3. */
const LOOPBACK = [netOf('127.0.0.0/8'), netOf('::1')];

interface Rules {
  readonly policy: Policy;
  readonly allowed: readonly AllowedNet[];
  readonly now: number;
}

function reasonToIgnore(claim: LiveClaim, { policy, allowed, now }: Rules): WhyIgnored | undefined {
  const inside = allowed.find(({ net }) => contains(net, claim.ip));
  if (inside !== undefined) return { code: 'allowed', ...inside };
  const { server } = claim;
  const refusal = refusalOf(claim, policy);
  if (refusal !== undefined || !originOf(server).isLimited) return refusal;
  const widest = widestOf(claim.ip, limitsOf(server, policy));
  if (claim.ip.prefix < widest) return { code: 'too-wide', widest, server };
  return shortenedEnd(claim, policy) <= now ? { code: 'too-long', server } : undefined;
}

type Claimant = Pick<LiveClaim, 'server' | 'jail'>;

/** Why nothing of theirs is enforced, whichever the address. */
function refusalOf({ server, jail }: Claimant, policy: Policy): WhyIgnored | undefined {
  const { kind, isLimited } = originOf(server);
  if (kind === 'escalation' && ruleOf(jail, policy) === undefined) return { code: 'no-rule', rule: jail };
  if (!isLimited) return undefined;
  const peer = peerOf(server);
  if (peer !== undefined && !policy.peers.has(peer)) return { code: 'no-peer', peer };
  const { jails } = limitsOf(server, policy);
  return jails === undefined || jails.includes(jail)
    ? undefined
    : { code: 'jail-not-listed', server, jail, jails };
}

/** What the policy says of all claims of hosts that are one claimant's in one jail. */
interface Terms {
  /** None of them is enforced. */
  readonly isRefused: boolean;
  /** The longest that any may last, in milliseconds; Infinity: as long as it says. */
  readonly bantime: number;
  /** What its rule names, where one bans. */
  readonly rule: Pick<EscalateRule, 'ports' | 'protocols'> | undefined;
}

/** The same as {@link judge} says of each, but for what depends on its address and times. */
export function termsOf(claimant: Claimant, policy: Policy): Terms {
  const { kind, isLimited } = originOf(claimant.server);
  return {
    isRefused: refusalOf(claimant, policy) !== undefined,
    bantime: isLimited ? limitsOf(claimant.server, policy).bantime : Infinity,
    rule: kind === 'escalation' ? ruleOf(claimant.jail, policy) : undefined,
  };
}

/** What a rule bans is about the ports that it names now. */
function withPortsOfRule(claim: LiveClaim, policy: Policy): LiveClaim {
  if (originOf(claim.server).kind !== 'escalation') return claim;
  const { ports = claim.ports, protocols = claim.protocols } = ruleOf(claim.jail, policy) ?? {};
  return { ...claim, ports, protocols };
}

function ruleOf(name: string, policy: Policy): EscalateRule | undefined {
  return policy.escalate.find((rule) => rule.name === name);
}

function shortenedEnd(claim: LiveClaim, policy: Policy): number {
  if (!originOf(claim.server).isLimited) return claim.until;
  const { until, since, peerHeard } = claim;
  const { bantime } = limitsOf(claim.server, policy);
  // A peer's ban until unbanned lasts for as long as the peer is heard, and a little longer.
  const from = until === Infinity ? (peerHeard ?? since) : since;
  return Math.min(until, from + bantime);
}
