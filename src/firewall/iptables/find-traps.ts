/**
 * Looks for what keeps all of a ruleset that somebody saved from being loaded at boot: that takes our rules along
 * too.
 */
import { isOurs } from '../chain.ts';
import type { Trap } from '../dataplane-kind.ts';
import { chainBeyondNft, isOfItsChain, setsInSaved } from './rules/saved-rules.ts';
import type { Ruleset, SavedRules } from '../../system/firewall/saved-rules.ts';
import type { World } from '../../world/world.ts';

/** For each ruleset that would not be loaded. */
export async function findTraps({ config, savedRules }: World): Promise<readonly Trap[]> {
  const traps: Trap[] = [];
  for (const ruleset of await savedRules.rulesets()) {
    switch (ruleset.tool) {
      case 'iptables':
        traps.push(...(await missingSets(ruleset, config.chainPrefix, savedRules)));
        break;
      case 'nft':
        traps.push(...unreadable(ruleset, chainBeyondNft(ruleset.text, config.chainPrefix)));
        break;
    }
  }
  return traps;
}

/** Of ours and of the others the first one each. */
async function missingSets(ruleset: Ruleset, prefix: string, saved: SavedRules): Promise<readonly Trap[]> {
  const traps = new Map<boolean, Trap>();
  for (const set of setsInSaved(ruleset.text)) {
    const ours = isOurs(set, prefix);
    if (traps.has(ours)) continue;
    const isWell = ours ? saved.isMadeInTime(set, ruleset.path) : isKept(set, ruleset, saved);
    if (!(await isWell)) traps.set(ours, ours ? unmade(ruleset, set) : unkept(ruleset, set));
  }
  return [...traps.values()];
}

/**
 * How others make a set at a boot is their affair, where they have it now; of an old prefix of ours nobody makes any.
 */
async function isKept(set: string, { path, text }: Ruleset, saved: SavedRules): Promise<boolean> {
  return (await saved.isSaved(set, path)) || (!isOfItsChain(set, text) && (await saved.isThere(set)));
}

function unmade({ path }: Ruleset, set: string): Trap {
  const what = `${path} refers to the set ${set}, which nothing creates before the file is loaded: ${LOST}`;
  return { reason: 'SetMissing', what, mend: 'systemctl enable banspool-saved-sets.service' };
}

/** Of somebody else, or of ours under a prefix that is no more. */
function unkept({ path }: Ruleset, set: string): Trap {
  const what = `${path} refers to the set ${set}, which no known program creates: ${LOST}`;
  return {
    reason: 'SetMissing',
    what,
    mend: 'save the rules again, or create the set before they are loaded',
  };
}

const LOST = 'after a reboot none of its rules would be loaded';

function unreadable({ path }: Ruleset, chain: string | undefined): readonly Trap[] {
  if (chain === undefined) return [];
  const what = `${path} contains the chain ${chain}, which nft lists but cannot load: ${LOST}`;
  return [
    {
      reason: 'BeyondNft',
      what,
      mend: 'remove the banspool chains, and the jumps to them, from the file',
    },
  ];
}
