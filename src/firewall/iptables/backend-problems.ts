/** What of a backend this machine cannot have, as conditions that are not true. */
import type { Config } from '../../config/config.ts';
import type { Problem } from '../../domain/conditions.ts';
import type { Family } from '../../domain/net.ts';
import { countText } from '../../domain/words.ts';
import type { Tools } from '../../system/firewall/iptables.ts';
import type { Observed } from './observed/observe.ts';
import type { Ruleset } from './wanted/ruleset.ts';
import { MAX_RULES } from './wanted/wanted-chain.ts';

/** Of chains of many rules that could be one set, and of sets that count nothing. */
export function backendProblems(
  ruleset: Ruleset,
  observed: Observed,
  {
    tools,
    config,
  }: {
    readonly tools: Pick<Tools, 'sets'>;
    readonly config: Pick<Config, 'backend'> & Partial<Pick<Config, 'early'>>;
  },
): readonly Problem[] {
  return [
    ...longChains(ruleset, tools, config),
    ...uncountedSets(ruleset, observed),
    ...(config.early === true ? withoutEarly(ruleset.family, observed, tools) : []),
  ];
}

function longChains(
  { family, chains }: Ruleset,
  { sets }: Pick<Tools, 'sets'>,
  { backend }: Pick<Config, 'backend'>,
): readonly Problem[] {
  if (sets.kind === 'usable' || backend !== 'auto') return [];
  const long = Array.from(chains).filter(([, { verdicts }]) => verdicts.size > MAX_RULES);
  const [first] = long;
  if (first === undefined) return [];
  const [chain, { verdicts }] = first;
  const message = `${family}: ${chain} has ${countText(verdicts.size, 'rule')}, and checks every packet against all of them; one set could replace them, but ${sets.reason}`;
  return [{ condition: 'SetsUsable', reason: 'NoIpset', message }];
}

export const MEND_OF_RAW = 'move native rules of the table raw to a table of their own, or set early: false';

/** Of what keeps the table raw from dropping anything. */
function withoutEarly(family: Family, { raw }: Observed, { sets }: Pick<Tools, 'sets'>): readonly Problem[] {
  const otherwise = 'nothing is dropped before connection tracking; bans are still enforced after it';
  if (sets.kind !== 'usable') {
    const message = `${family}: early: true needs sets, but ${sets.reason}; ${otherwise}`;
    return [{ condition: 'SetsUsable', reason: 'NoIpset', message }];
  }
  if (raw?.kind !== 'unreadable' && raw?.kind !== 'refused') return [];
  const what = raw.kind === 'refused' ? 'takes no rules' : 'cannot be read';
  const message = `${family}: the table raw ${what} (${raw.reason}), so banspool leaves it alone: ${otherwise}; fix: ${MEND_OF_RAW}`;
  return [{ condition: 'FirewallReadable', reason: 'RawUnreadable', message }];
}

/** One that could count was made anew by now. */
function uncountedSets({ family, chains }: Ruleset, { sets }: Observed): readonly Problem[] {
  const uncounted = Array.from(chains.values()).flatMap(({ set }) =>
    set?.isPlain === false && sets.get(set.name)?.isCounted === false ? [set.name] : [],
  );
  const [first] = uncounted;
  if (first === undefined) return [];
  const message = `${family}: the set ${first} does not count packets, because ipset or the kernel has no counters for sets; bans are still enforced`;
  return [{ condition: 'SetsUsable', reason: 'NoCounters', message }];
}
