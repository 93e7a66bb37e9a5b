/** What the rules and sets that stand say of single addresses and networks. */
import { contains, EVERYBODY, netOf, parseNet, type Net } from '../../../domain/net.ts';
import type { StandingRule } from '../../dataplane.ts';
import { isVerdict } from '../rules/rule.ts';
import { setLookedInto } from '../rules/strange-rule.ts';
import { trafficInto } from './dropped-traffic.ts';
import { eachListedMember, type ListedMember } from './listed-members.ts';
import { rawChains, type Observed, type OurRule } from './observe.ts';
import type { ObservedSet } from './observe-sets.ts';

/** The rules of ours about a net of which this is true, with their counters, then the members of sets. */
export function rulesOn(observed: Observed, touches: (net: Net) => boolean): readonly StandingRule[] {
  const { chains, sets } = observed;
  const rules = [...chains, ...rawChains(observed)].flatMap(([chain, all]) =>
    all.flatMap((rule) => {
      if (rule.kind === 'foreign' || !isAnyOf(sourcesOf(rule, observed), touches)) return [];
      const { packets, bytes, printed } = rule;
      return [{ kind: 'rule', chain, rule: rule.rule?.text ?? printed, packets, bytes } as const];
    }),
  );
  const members = Array.from(sets.values()).flatMap((set) =>
    membersTouching(set, touches).map(({ ip, packets, bytes }) => {
      const drops = set.isCounted ? { packets, bytes } : { packets: null, bytes: null };
      return { kind: 'member', set: set.name, member: ip.text, ...drops } as const;
    }),
  );
  return [...rules, ...members];
}

/**
 * What of the packets of an address is dropped; undefined where nothing is. By the chains that packets come to, as they
 * are: the first rule that matches decides.
 */
export function droppedTraffic(
  observed: Observed,
  ip: Net,
  hooks: readonly string[],
): readonly string[] | undefined {
  // A hook that does not exist is no way in.
  const entries = hooks.flatMap((hook) => {
    const rules = observed.chains.get(hook);
    return rules === undefined ? [] : [rules];
  });
  const dropping = new Set<string>();
  for (const [chain, rules] of observed.chains) {
    const first = rules.find(
      (rule) => rule.kind === 'ours' && isAnyOf(sourcesOf(rule, observed), (source) => contains(source, ip)),
    );
    if (first?.kind !== 'ours' || (first.rule?.to ?? first.strange?.target) === 'RETURN') continue;
    const isEntered = entries.every((hook) =>
      hook.some((rule) => rule.kind === 'ours' && rule.jumpsTo === chain),
    );
    if (isEntered) dropping.add(chain);
  }
  return dropping.size > 0 ? trafficInto(dropping, entries) : undefined;
}

/** What a rule of ours is about: one address or network, what a set holds, or everybody. */
function sourcesOf(own: OurRule, { family, sets }: Observed): Iterable<Net> {
  const set = sets.get(setLookedInto(own) ?? '');
  if (set !== undefined) return membersOf(set);
  const { rule, strange } = own;
  // No rule names everybody.
  if (rule?.match === 'all' && isVerdict(rule)) return [netOf(EVERYBODY[family])];
  const source = rule?.match === 'source' ? rule.source : strange?.source;
  return [parseNet(source ?? '') ?? []].flat();
}

function* membersOf(set: ObservedSet): Generator<Net, undefined> {
  for (const { ip } of listedIn(set)) yield ip;
  return undefined;
}

function membersTouching(set: ObservedSet, touches: (net: Net) => boolean): readonly ListedMember[] {
  const found: ListedMember[] = [];
  for (const member of listedIn(set)) if (touches(member.ip)) found.push(member);
  return found;
}

/** One by one: a list has up to a million members. */
function listedIn({ content }: ObservedSet): Iterable<ListedMember> {
  return content.kind === 'listed' ? eachListedMember(content.members) : [];
}

function isAnyOf(nets: Iterable<Net>, isIt: (net: Net) => boolean): boolean {
  for (const net of nets) if (isIt(net)) return true;
  return false;
}
