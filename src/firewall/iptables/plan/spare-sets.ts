/**
 * Chains whose set cannot be had: one of that name and of another kind is there, and a rule of somebody else's looks
 * into it, so that the kernel lets nobody destroy it. Such a chain looks into a set of another name; where that is
 * the same, each ban is a rule. All else is planned as ever.
 */
import { eachMember } from '../../../desired/members.ts';
import type { Family } from '../../../domain/net.ts';
import { setRule, verdictRule, type Rule, type Verdict } from '../rules/rule.ts';
import { spareSetOf } from '../rules/set.ts';
import { setLookedInto } from '../rules/strange-rule.ts';
import { rawChains, type Observed } from '../observed/observe.ts';
import type { ObservedSet } from '../observed/observe-sets.ts';
import type { Ruleset } from '../wanted/ruleset.ts';
import type { WantedChain, WantedSet } from '../wanted/wanted-chain.ts';

/**
 * Returns the same ruleset where nothing is in the way. Sets in `free` are not: the kernel is slow to let go of our
 * rules.
 */
export function withSpareSets(ruleset: Ruleset, observed: Observed, free: ReadonlySet<string>): Ruleset {
  const isTaken = (name: string): boolean => {
    const set = observed.sets.get(name);
    return set?.make === 'alien' && !free.has(name) && isHeld(set, observed);
  };
  if (!Array.from(observed.sets.keys()).some(isTaken)) return ruleset;
  const chains = new Map(ruleset.chains);
  for (const [name, chain] of ruleset.chains) {
    const { set } = chain;
    if (set === undefined || !isTaken(set.name)) continue;
    const spare = spareSetOf(name, ruleset.family);
    chains.set(name, remembered(chain, isTaken(spare) ? undefined : spare, ruleset));
  }
  return { ...ruleset, chains };
}

/** True of a set that a rule of somebody else's looks into, in whatever table. */
export function isHeld({ name, references }: ObservedSet, observed: Observed): boolean {
  return references > 0 && references > rulesInto(name, observed).length;
}

/** Rules of ours that look into the set. */
export function rulesInto(set: string, observed: Observed): readonly RuleInto[] {
  const within = (chains: Observed['chains'], table?: 'raw'): readonly RuleInto[] =>
    Array.from(chains).flatMap(([chain, rules]) =>
      rules.flatMap((rule) =>
        rule.kind === 'ours' && setLookedInto(rule) === set
          ? [{ chain, printed: rule.printed, ...(table !== undefined && { table }) }]
          : [],
      ),
    );
  return [...within(observed.chains), ...within(rawChains(observed), 'raw')];
}

interface RuleInto {
  readonly table?: 'raw';
  readonly chain: string;
  readonly printed: string;
}

/** The same object for the same chain: what did not change is not looked at again. */
const MADE = new WeakMap<WantedChain, { readonly spare: string | undefined; readonly chain: WantedChain }>();

function remembered(chain: WantedChain, spare: string | undefined, ruleset: Ruleset): WantedChain {
  const known = MADE.get(chain);
  if (known !== undefined && known.spare === spare) return known.chain;
  const made = remake(chain, spare, ruleset);
  MADE.set(chain, { spare, chain: made });
  return made;
}

function remake(chain: WantedChain, spare: string | undefined, { family, means }: Ruleset): WantedChain {
  const { set, verdicts } = chain;
  if (set === undefined) return chain;
  const others = [...verdicts.values()].filter(({ match }) => match !== 'set');
  const inSet =
    spare === undefined
      ? rulesOf(set, { family, verdict: means.verdict })
      : [setRule(spare, family, means.verdict)];
  return {
    ...chain,
    verdicts: new Map([...others, ...inSet].map((rule) => [rule.text, rule])),
    set: spare === undefined ? undefined : { ...set, name: spare },
  };
}

function rulesOf(
  { members }: WantedSet,
  { family, verdict }: { readonly family: Family; readonly verdict: Verdict },
): readonly Rule[] {
  return Array.from(eachMember(members), ([text]) => verdictRule({ family, text }, verdict));
}
