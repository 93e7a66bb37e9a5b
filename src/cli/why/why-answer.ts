/** Everything that touches an address or a network, and what comes of it, as values. */
import { allClaims } from '../../claims/state.ts';
import type { Mode } from '../../config/mode.ts';
import { contains, FULL_PREFIX, type Net } from '../../domain/net.ts';
import { countInside } from '../../lists/table/inside.ts';
import type { ListInForce } from '../../sources/lists/list-in-force.ts';
import type { RefusedLine } from '../../fleet/find-refused.ts';
import type { StandingRule } from '../../firewall/dataplane.ts';
import type { Sighting } from '../../escalation/count-sightings.ts';
import { sightingsBehind } from '../../escalation/sightings-behind.ts';
import { isAbout } from '../../ledger/git/history.ts';
import type { FamilyPreview, Preview } from '../../pass/preview.ts';
import { droppedFor, type DroppedClaim } from '../../policy/dropped-claim.ts';
import type { AllowedNet } from '../../policy/judge.ts';
import type { PolicyNet } from '../../policy/policy.ts';
import type { WhyIgnored } from '../../policy/why-ignored.ts';
import { sumInside, type Inside } from './sum-inside.ts';

export interface WhyAnswer {
  readonly ip: Net;
  /** Where banspool observes, nothing of what is wanted is enforced. */
  readonly mode: Mode;
  readonly verdict: 'dropped' | 'passes' | 'unknown';
  /** What of its packets is dropped, such as `22/tcp`. */
  readonly traffic: readonly string[];
  /** What a pass would make of it. */
  readonly wanted: 'dropped' | 'passes';
  /** Of a network those of what is inside it are only summed up. */
  readonly claims: readonly WhyClaim[];
  readonly unbans: readonly WhyUnban[];
  /** What peers say beyond their limits. */
  readonly refused: readonly RefusedLine[];
  readonly allowed: readonly AllowedNet[];
  readonly denied: readonly PolicyNet[];
  /** Lists of policy.yaml that hold all of it, or something inside it. */
  readonly lists: readonly WhyList[];
  readonly rules: readonly StandingRule[];
  readonly unreadable: readonly { readonly family: string; readonly reason: string }[];
  /** Of a network. */
  readonly inside: Inside | undefined;
}

export interface WhyClaim {
  readonly claim: DroppedClaim;
  /** Undefined: it is enforced. */
  readonly ignored: WhyIgnored | undefined;
  /** Of what a rule of escalation bans, the bans that it counted, as far as they are remembered. */
  readonly counted: readonly Sighting[];
}

export interface WhyList {
  readonly name: string;
  readonly note: string | undefined;
  /** The network of the list that holds all of it; undefined: only some of what is inside it is listed. */
  readonly net: Net | undefined;
  /** How many networks of the list lie inside it. */
  readonly inside: number;
}

/** Older bans of it do not count. */
export interface WhyUnban {
  readonly ip: Net;
  readonly server: string;
  /** As {@link liftWords} takes it. */
  readonly jail: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Finds it all; what is inside a network is told of in its policy lines, and summed up else. */
export function whyAnswer(
  found: Preview,
  ip: Net,
  { refused, mode }: Pick<WhyAnswer, 'refused' | 'mode'>,
): WhyAnswer {
  const { judgement, state, families, inputs } = found;
  const isWide = ip.prefix < FULL_PREFIX[ip.family];
  const touches = (net: Net): boolean => (isWide ? contains(net, ip) : isAbout(net, ip));
  const all: readonly WhyClaim[] = [
    ...judgement.enforced.map((claim) => ({ claim, ignored: undefined, counted: NONE })),
    ...judgement.ignored.map(({ claim, why }) => ({ claim, ignored: why, counted: NONE })),
  ];
  const lists = listsOn(found.inputs.lists, ip);
  const rules = families.flatMap((family) =>
    family.kind === 'read' ? family.dataplane.rulesOn(family.observed, touches) : [],
  );
  return {
    ...{ ip, mode },
    ...verdictOn(families, ip),
    wanted: wantedOf(found, ip, lists),
    lists,
    claims: all
      .filter(({ claim }) => touches(claim.ip) || isDroppedFor(claim, ip))
      .map((each) => ({ ...each, counted: sightingsBehind(each.claim, { state, policy: inputs.policy }) })),
    unbans: Array.from(allClaims(state)).flatMap(({ ip: net, server, jail, bans, unbanned }) =>
      bans.length === 0 && unbanned !== undefined && touches(net)
        ? [{ ip: net, server, jail, at: unbanned }]
        : [],
    ),
    refused,
    allowed: judgement.allowed.filter(({ net }) => isAbout(net, ip)),
    denied: judgement.deny.filter(({ net }) => isAbout(net, ip)),
    rules,
    unreadable: families.flatMap((each) =>
      each.kind === 'unreadable' ? [{ family: each.family, reason: each.reason }] : [],
    ),
    inside: isWide ? sumInside(all, ip) : undefined,
  };
}

/** True of a claim that is about something else, and is enforced with a network that contains this. */
function isDroppedFor({ ip: claimed, dropped }: DroppedClaim, ip: Net): boolean {
  return dropped !== undefined && contains(dropped, ip) && !contains(ip, claimed);
}

const NONE: readonly Sighting[] = [];

function listsOn(lists: readonly ListInForce[], ip: Net): readonly WhyList[] {
  return lists.flatMap(({ name, note, table }) => {
    const net = table.find(ip);
    const inside = net === undefined ? countInside(table, ip) : 0;
    return net === undefined && inside === 0 ? [] : [{ name, note, net, inside }];
  });
}

/** By what is enforced: an allowed net goes before. */
function wantedOf(
  { judgement: { enforced, deny, allowed }, families }: Preview,
  ip: Net,
  lists: readonly WhyList[],
): WhyAnswer['wanted'] {
  const isEnforced = families.some(({ family }) => family === ip.family);
  const isClaimed =
    enforced.some((claim) => contains(droppedFor(claim), ip)) || deny.some(({ net }) => contains(net, ip));
  const isListed = lists.some(({ net }) => net !== undefined);
  const isAllowed = allowed.some(({ net }) => contains(net, ip));
  return isEnforced && (isClaimed || isListed) && !isAllowed ? 'dropped' : 'passes';
}

/** By the rules that packets come to, as they are. */
function verdictOn(families: readonly FamilyPreview[], ip: Net): Pick<WhyAnswer, 'verdict' | 'traffic'> {
  const family = families.find((each) => each.family === ip.family);
  if (family?.kind !== 'read') return { verdict: 'unknown', traffic: [] };
  const traffic = family.dataplane.droppedTraffic(family.observed, ip);
  return traffic === undefined ? { verdict: 'passes', traffic: [] } : { verdict: 'dropped', traffic };
}
