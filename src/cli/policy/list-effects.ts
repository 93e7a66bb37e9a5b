/**
 * What a change of `allow` or `deny` changes now, and what it does not: sentences without a full stop. In: the claims
 * as they are judged before and after. Pure.
 */
import { contains, type Net } from '../../domain/net.ts';
import { countText } from '../../domain/words.ts';
import type { LiveClaim } from '../../claims/live.ts';
import type { NetList } from '../../policy/edit-nets.ts';
import type { AllowedNet, Judgement } from '../../policy/judge.ts';
import type { PolicyNet } from '../../policy/policy.ts';
import { allowedByText } from '../../policy/why-ignored.ts';

interface Change {
  readonly list: NetList;
  readonly net: Net;
  readonly isRemoval: boolean;
}

interface Compared {
  readonly before: Judgement;
  readonly after: Judgement;
}

/** In the order in which people ask. */
export function effectsOf({ list, net, isRemoval }: Change, compared: Compared): readonly string[] {
  const { after } = compared;
  const ended = claimsOnlyIn(compared.before, compared.after);
  const begun = claimsOnlyIn(compared.after, compared.before);
  const around = after.enforced.filter(({ ip }) => ip.text !== net.text && contains(ip, net));
  const inside = after.enforced.filter(({ ip }) => contains(net, ip));
  return [
    ...(ended.length === 0 ? [] : [`this ends ${bansText(ended)}`]),
    ...(begun.length === 0 ? [] : [`this begins ${bansText(begun)}`]),
    ...(list === 'allow'
      ? allowEffects({ net, isRemoval }, { ...compared, around, inside })
      : denyEffects({ net, isRemoval }, { ...compared, around, inside })),
  ];
}

interface Near extends Compared {
  /** Bans that are enforced afterwards. */
  readonly around: readonly LiveClaim[];
  readonly inside: readonly LiveClaim[];
}

function allowEffects(
  { net, isRemoval }: Omit<Change, 'list'>,
  { before, after, around }: Near,
): readonly string[] {
  const wider = othersAround(after.allowed, net);
  if (isRemoval) return wider === undefined ? [] : [`${net.text} stays allowed: ${insideText(wider, net)}`];
  const silenced = before.deny.filter(
    (each) => contains(net, each.net) && !after.deny.some(isEntryOf(each.net)),
  );
  return [
    ...(wider === undefined ? [] : [`it was allowed already: ${insideText(wider, net)}`]),
    ...silenced.map(
      ({ net: { text }, line }) => `the denial of ${text} (line ${line}) has no effect any more`,
    ),
    ...after.deny
      .filter((each) => contains(each.net, net))
      .map(
        ({ net: { text }, line }) => `${text}, which line ${line} denies, stays denied, without ${net.text}`,
      ),
    ...(around.length === 0 ? [] : [`still in force, without ${net.text}: ${bansText(around)}`]),
  ];
}

function denyEffects(
  { net, isRemoval }: Omit<Change, 'list'>,
  { after, around, inside }: Near,
): readonly string[] {
  const wider = after.deny.find((each) => each.net.text !== net.text && contains(each.net, net));
  if (isRemoval) {
    const dropped = [...around, ...inside];
    return [
      ...(wider === undefined
        ? []
        : [`${net.text} stays denied: it is inside ${wider.net.text} (line ${wider.line})`]),
      ...(dropped.length === 0 ? [] : [`still in force: ${bansText(dropped)}`]),
    ];
  }
  const free = after.allowed.filter((each) => each.net.text !== net.text && contains(net, each.net));
  return [
    ...(wider === undefined
      ? []
      : [`it was denied already: it is inside ${wider.net.text} (line ${wider.line})`]),
    ...free.map((each) => `${each.net.text} inside it stays allowed: ${allowedByText(each.by)}`),
  ];
}

function othersAround(allowed: readonly AllowedNet[], net: Net): AllowedNet | undefined {
  return allowed.find((each) => each.net.text !== net.text && contains(each.net, net));
}

function insideText({ net: { text }, by }: AllowedNet, net: Net): string {
  return text === net.text ? allowedByText(by) : `it is inside ${text}, ${allowedByText(by)}`;
}

function isEntryOf({ text }: Net): (entry: PolicyNet) => boolean {
  return ({ net }) => net.text === text;
}

function claimsOnlyIn(one: Judgement, other: Judgement): readonly LiveClaim[] {
  const known = new Set(other.enforced.map(keyOf));
  return one.enforced.filter((claim) => !known.has(keyOf(claim)));
}

function keyOf({ ip, server, jail }: LiveClaim): string {
  return `${ip.text} ${server} ${jail}`;
}

/** Bans that are named. */
const MOST_NAMED = 3;

/** `1 ban: 192.0.2.7 in sshd by web1`, `5 bans: …, …, … and 2 more`. */
function bansText(claims: readonly LiveClaim[]): string {
  const named = claims
    .slice(0, MOST_NAMED)
    .map(({ ip, jail, server }) => `${ip.text} in ${jail} by ${server}`);
  const more = claims.length - named.length;
  const rest = more === 0 ? '' : ` and ${more} more`;
  return `${countText(claims.length, 'ban')} (${named.join(', ')}${rest})`;
}
