/** What keeps a backend from being used that this machine cannot have, as conditions that are not true. */
import type { Config } from '../../config/config.ts';
import type { Problem } from '../../domain/conditions.ts';
import { countText } from '../../domain/words.ts';
import type { Tools } from '../../system/firewall/iptables.ts';
import type { Ruleset } from './wanted/ruleset.ts';
import { MAX_RULES } from './wanted/wanted-chain.ts';

/** Of chains of many rules that could be one set. */
export function backendProblems(
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
