/** One chain as it should stand: a rule a ban while there are few, and a rule for all of them in a set from then on. */
import { NEIGHBOUR_RULES } from '../netfilter/neighbour.ts';
import { allowRule, setRule, verdictRule, type Rule, type Verdict } from '../netfilter/rule.ts';
import { countMembers, eachMember, type Members } from '../netfilter/members.ts';
import { setOf } from '../netfilter/set.ts';
import { compareNets, contains, EVERYBODY, type Family, type Net } from '../net/net.ts';
import type { JailPortion } from './portion.ts';
import { jumpsTo, takesIcmpv6 } from './traffic.ts';

export type Backend = 'auto' | 'rules' | 'ipset';

/** Allows in order, neighbour discovery ahead of them, then verdicts in any order, then RETURN. */
export interface DesiredChain {
  readonly allows: readonly Rule[];
  /** By text. */
  readonly verdicts: ReadonlyMap<string, Rule>;
  /** What one of the verdicts looks into. */
  readonly set: DesiredSet | undefined;
  readonly jumps: readonly Rule[];
  /** What it was made of, by region. */
  readonly portions: ReadonlyMap<string, JailPortion>;
}

export interface DesiredSet {
  readonly name: string;
  readonly members: Members;
}

/**
 * Each packet passes each rule: 1,000 of them cost it some 12 µs, a set of a million 1 µs. Below, a ban is a line that
 * `iptables -S` shows and that counts its packets.
 */
export const MAX_RULES = 1_000;

export interface ChainOptions {
  readonly family: Family;
  readonly verdict: Verdict;
  readonly backend: Backend;
  readonly allowed: readonly Net[];
}

/** Makes the chain of these portions. */
export function desireChain(
  chain: string,
  portions: ReadonlyMap<string, JailPortion>,
  options: ChainOptions,
): DesiredChain {
  const { family, backend } = options;
  const jumps = jumpsTo(chain, scopesOf(portions), family);
  const members = new Map(Array.from(portions, ([region, { members: part }]) => [region, part]));
  const hasSet = backend === 'ipset' || (backend === 'auto' && countMembers(members) > MAX_RULES);
  return {
    allows: [...(takesIcmpv6(jumps, family) ? NEIGHBOUR_RULES : []), ...allowsOf(portions, options.allowed)],
    ...(hasSet ? matchSet(setOf(chain, family), members, options) : matchEach(members, options)),
    jumps,
    portions,
  };
}

type Matching = Pick<DesiredChain, 'verdicts' | 'set'>;

function matchEach(members: Members, { family, verdict }: ChainOptions): Matching {
  const rules = new Map<string, Rule>();
  for (const [text] of eachMember(members)) {
    const rule = verdictRule({ family, text }, verdict);
    rules.set(rule.text, rule);
  }
  return { verdicts: rules, set: undefined };
}

/** What `hash:net` refuses, all addresses, has a rule of its own. */
function matchSet(name: string, members: Members, { family, verdict }: ChainOptions): Matching {
  const inSet = setRule(name, family, verdict);
  const text = EVERYBODY[family];
  const region = `${family}/0`;
  if (members.get(region)?.has(text) !== true) return { verdicts: byText([inSet]), set: { name, members } };
  const part = new Map(members.get(region));
  part.delete(text);
  return {
    verdicts: byText([verdictRule({ family, text }, verdict), inSet]),
    set: { name, members: new Map(members).set(region, part) },
  };
}

function allowsOf(portions: ReadonlyMap<string, JailPortion>, allowed: readonly Net[]): readonly Rule[] {
  const wide = Array.from(portions.values()).flatMap((portion) => portion.wide);
  const inside = allowed.filter((each) => wide.some((net) => contains(net, each)));
  const outermost = inside.filter(
    (each) => !inside.some((other) => other.text !== each.text && contains(other, each)),
  );
  return [...byText([...outermost].sort(compareNets).map(allowRule)).values()];
}

function byText(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  return new Map(rules.map((rule) => [rule.text, rule]));
}

function scopesOf(portions: ReadonlyMap<string, JailPortion>): ReadonlySet<string> {
  const scopes = new Set<string>();
  for (const portion of portions.values()) for (const scope of portion.scopes) scopes.add(scope);
  return scopes;
}
