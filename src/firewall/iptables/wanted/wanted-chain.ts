/** One chain as it should stand: a rule a ban while there are few, and a rule for all of them in a set from then on. */
import { isOfList } from '../../chain.ts';
import type { DesiredJail } from '../../../desired/desired-jail.ts';
import { NEIGHBOUR_RULES } from '../rules/neighbour.ts';
import { allowRule, setRule, verdictRule, type Rule, type Verdict } from '../rules/rule.ts';
import { countMembers, eachMember, type Members } from '../../../desired/members.ts';
import { setOf } from '../rules/set.ts';
import { EVERYBODY, regionOf, type Family } from '../../../domain/net.ts';
import { jumpsTo, takesIcmpv6 } from './jumps.ts';

export type Backend = 'auto' | 'rules' | 'ipset';

/** Allows in order, neighbour discovery ahead of them, then verdicts in any order, then RETURN. */
export interface ChainRules {
  readonly allows: readonly Rule[];
  /** By text. */
  readonly verdicts: ReadonlyMap<string, Rule>;
}

export interface WantedChain extends ChainRules {
  /** What one of the verdicts looks into. */
  readonly set: WantedSet | undefined;
  readonly jumps: readonly Rule[];
  /** What it was made of. */
  readonly jail: DesiredJail;
}

export interface WantedSet {
  readonly name: string;
  readonly members: Members;
  /**
   * True for a list: none of its members ends by itself, and there may be a million, so that they have no timeouts and
   * no counters, which are four fifths of what a member takes.
   */
  readonly isPlain: boolean;
}

/**
 * Each packet passes each rule: 1,000 of them cost it some 12 µs, a set of a million 1 µs. Below, a ban is a line that
 * `iptables -S` shows and that counts its packets.
 */
export const MAX_RULES = 1_000;

/** By what members are dropped. */
export interface Means {
  readonly verdict: Verdict;
  readonly backend: Backend;
  /** Sets of all traffic are looked into ahead of connection tracking too, so that such chains always have one. */
  readonly early?: boolean;
}

interface WantedChainOptions {
  readonly family: Family;
  readonly jail: DesiredJail;
  readonly means: Means & { readonly prefix: string };
  /** The same chain as it was wanted before, by the same means. */
  readonly before?: WantedChain | undefined;
}

/** Makes the chain of a jail. */
export function wantedChain(chain: string, { family, jail, means, before }: WantedChainOptions): WantedChain {
  const { members, traffic, allowed } = jail;
  const { backend, verdict, early = false } = means;
  const isPlain = isOfList(chain, means.prefix);
  const isMany = countMembers(members) > MAX_RULES || (early && traffic.has('all'));
  const hasSet = backend === 'ipset' || (backend === 'auto' && isMany);
  const options = { family, verdict };
  const isSameTraffic = before?.jail.traffic === traffic;
  const rest = {
    allows:
      isSameTraffic && before.jail.allowed === allowed
        ? before.allows
        : [...(takesIcmpv6(traffic, family) ? NEIGHBOUR_RULES : []), ...allowed.map(allowRule)],
    jumps: isSameTraffic ? before.jumps : jumpsTo(chain, traffic, family),
    jail,
  };
  if (hasSet) return { ...rest, ...matchSet({ name: setOf(chain, family), members, isPlain }, options) };
  let verdicts: WantedChain['verdicts'] | undefined;
  return {
    ...rest,
    set: undefined,
    // Of a thousand, one ban more needs none.
    get verdicts() {
      return (verdicts ??= verdictsOf(members, options));
    },
  };
}

interface MatchOptions {
  readonly family: Family;
  readonly verdict: Verdict;
}

type Matching = Pick<WantedChain, 'verdicts' | 'set'>;

function verdictsOf(members: Members, { family, verdict }: MatchOptions): WantedChain['verdicts'] {
  const rules = new Map<string, Rule>();
  for (const [text] of eachMember(members)) {
    const rule = verdictRule({ family, text }, verdict);
    rules.set(rule.text, rule);
  }
  return rules;
}

/** What `hash:net` refuses, all addresses, has a rule of its own. */
function matchSet(set: WantedSet, { family, verdict }: MatchOptions): Matching {
  const { name, members } = set;
  const inSet = setRule(name, family, verdict);
  const text = EVERYBODY[family];
  const region = regionOf(family, text);
  if (members.get(region)?.has(text) !== true) return { verdicts: byText([inSet]), set };
  const part = new Map(members.get(region));
  part.delete(text);
  return {
    verdicts: byText([verdictRule({ family, text }, verdict), inSet]),
    set: { ...set, members: new Map(members).set(region, part) },
  };
}

function byText(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  return new Map(rules.map((rule) => [rule.text, rule]));
}
