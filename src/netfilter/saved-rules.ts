/**
 * What of ours stands in a ruleset that somebody saved. At a boot that is loaded whole or not at all: where one set is
 * missing iptables-restore takes none of it, and nft none of a listing that holds what only iptables can say.
 */
import { isOurs } from './chain.ts';

/** The sets of ours that a ruleset of iptables-save looks into, each once. */
export function setsInSaved(text: string, prefix: string): readonly string[] {
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || !line.includes('-set ')) continue;
    for (const [, name = ''] of line.matchAll(/ --(?:match|add|del|map)-set\s+["']?([^\s"']+)/g))
      if (isOurs(name, prefix)) names.add(name);
  }
  return [...names];
}

/**
 * The first chain of ours in a listing of nft that nft itself cannot read again: with a match that iptables made, or with
 * a name in which nft allows no `~`.
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
