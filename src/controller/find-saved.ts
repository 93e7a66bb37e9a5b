/** Looks for rules of ours in rulesets that somebody saved, and that keep all of such a ruleset from being loaded at boot. */
import { chainBeyondNft, setsInSaved } from '../netfilter/saved-rules.ts';
import type { ConditionRecord } from '../report/status-record.ts';
import type { Ruleset } from '../system/saved-rules.ts';
import type { Finding } from './finding.ts';
import type { Problem } from './pass.ts';
import type { World } from './world.ts';

interface Trap {
  readonly reason: string;
  readonly what: string;
  readonly mend: string;
}

/** A problem for each ruleset that would not be loaded. */
export function savedRulesProblems(world: World): readonly Problem[] {
  return trapsOf(world).map(({ reason, what, mend }) => ({
    condition: 'SavedRulesLoad',
    reason,
    message: `${what}; mend: ${mend}`,
  }));
}

/** The same for status, which may look where the controller may not: saved rules are root's alone as a rule. */
export function savedRulesConditions(world: World): readonly ConditionRecord[] {
  const problems = savedRulesProblems(world);
  const [first] = problems;
  if (first === undefined) return [];
  const { condition: type, reason } = first;
  return [{ type, status: 'False', reason, message: problems.map(({ message }) => message).join('; ') }];
}

/** The same for doctor. */
export function savedRulesFindings(world: World): readonly Finding[] {
  return trapsOf(world).map(({ what, mend }) => ({ level: 'bad', what, mend }));
}

function trapsOf({ config, savedRules }: World): readonly Trap[] {
  return savedRules.rulesets().flatMap((ruleset): readonly Trap[] => {
    switch (ruleset.tool) {
      case 'iptables':
        return missingSet(ruleset, setsInSaved(ruleset.text, config.chainPrefix), savedRules);
      case 'nft':
        return unreadable(ruleset, chainBeyondNft(ruleset.text, config.chainPrefix));
    }
  });
}

function missingSet(
  { path }: Ruleset,
  sets: readonly string[],
  { isMadeInTime }: World['savedRules'],
): readonly Trap[] {
  const set = sets.find((name) => !isMadeInTime(name, path));
  if (set === undefined) return [];
  const what = `${path} looks into the set ${set}, and nothing makes it before the file is loaded: after a boot none of its rules would stand`;
  return [{ reason: 'SetMissing', what, mend: 'systemctl enable banspool-saved-sets.service' }];
}

function unreadable({ path }: Ruleset, chain: string | undefined): readonly Trap[] {
  if (chain === undefined) return [];
  const what = `${path} holds the chain ${chain}, which nft lists and cannot read: after a boot none of its rules would stand`;
  return [{ reason: 'BeyondNft', what, mend: 'take chains of ours, and the jumps to them, out of the file' }];
}
