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
export async function savedRulesProblems(world: World): Promise<readonly Problem[]> {
  return (await trapsOf(world)).map(({ reason, what, mend }) => ({
    condition: 'SavedRulesLoad',
    reason,
    message: `${what}; mend: ${mend}`,
  }));
}

/** The same for status, which may look where the controller may not: saved rules are root's alone as a rule. */
export async function savedRulesConditions(world: World): Promise<readonly ConditionRecord[]> {
  const problems = await savedRulesProblems(world);
  const [first] = problems;
  if (first === undefined) return [];
  const { condition: type, reason } = first;
  return [{ type, status: 'False', reason, message: problems.map(({ message }) => message).join('; ') }];
}

/** The same for doctor. */
export async function savedRulesFindings(world: World): Promise<readonly Finding[]> {
  return (await trapsOf(world)).map(({ what, mend }) => ({ level: 'bad', what, mend }));
}

async function trapsOf({ config, savedRules }: World): Promise<readonly Trap[]> {
  const traps: Trap[] = [];
  for (const ruleset of await savedRules.rulesets()) {
    switch (ruleset.tool) {
      case 'iptables':
        traps.push(...(await missingSet(ruleset, setsInSaved(ruleset.text, config.chainPrefix), savedRules)));
        break;
      case 'nft':
        traps.push(...unreadable(ruleset, chainBeyondNft(ruleset.text, config.chainPrefix)));
        break;
    }
  }
  return traps;
}

async function missingSet(
  { path }: Ruleset,
  sets: readonly string[],
  { isMadeInTime }: World['savedRules'],
): Promise<readonly Trap[]> {
  for (const set of sets) {
    if (await isMadeInTime(set, path)) continue;
    const what = `${path} looks into the set ${set}, and nothing makes it before the file is loaded: after a boot none of its rules would stand`;
    return [{ reason: 'SetMissing', what, mend: 'systemctl enable banspool-saved-sets.service' }];
  }
  return [];
}

function unreadable({ path }: Ruleset, chain: string | undefined): readonly Trap[] {
  if (chain === undefined) return [];
  const what = `${path} holds the chain ${chain}, which nft lists and cannot read: after a boot none of its rules would stand`;
  return [{ reason: 'BeyondNft', what, mend: 'take chains of ours, and the jumps to them, out of the file' }];
}
