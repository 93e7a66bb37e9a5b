/**
 * What of ours stands in a ruleset that somebody saved. At a boot that is loaded whole or not at all: where one set is
 * missing iptables-restore takes none of it, and nft none of a listing that holds what only iptables can say.
 */
import { isOurs } from '../../chain.ts';

/** The sets that a ruleset of iptables-save looks into, whoever's they are, each once. */
export function setsInSaved(text: string): readonly string[] {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || !line.includes('-set ')) continue;
    for (const [, name = ''] of line.matchAll(/ --(?:match|add|del|map)-set\s+["']?([^\s"']+)/g))
      names.add(name);
  }
  return [...names];
}

/**
 * True where a rule in the chain of its name looks into the set, as all of ours do, whatever prefix they were made
 * under.
 */
export function isOfItsChain(set: string, text: string): boolean {
  const chain = set.replace(/:[567]$/, '');
  return text.split('\n').some((line) => line.includes(`-A ${chain} `) && line.includes(`-set ${set} `));
}

/**
 * The first chain of ours in a listing of nft that nft itself cannot read again: with a match that iptables made, or
 * with a name in which nft allows no `~`.
 */
export function chainBeyondNft(text: string, prefix: string): string | undefined {
  let chain = '';
  for (const line of text.split('\n')) {
    chain = /^\s*chain "?([^\s"]+)"? \{/.exec(line)?.[1] ?? chain;
    if (isOurs(chain, prefix) && (chain.includes('~') || /\bxt (?:match|target) /.test(line))) return chain;
    if (/^\s*\}/.test(line)) chain = '';
  }
  return undefined;
}
