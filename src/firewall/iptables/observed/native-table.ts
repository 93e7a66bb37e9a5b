/**
 * Turns what `nft -a -n -s -t list table` prints of a filter table into the lines that `iptables -S` would print,
 * where that prints none: a native rule in the table is enough. Chains of ours are left empty, since iptables can
 * list them one by one. Of the others only the jumps to ours are read; every other rule is a place and no more, and
 * so is a jump to ours that iptables would not write.
 */
import { isOurs } from '../../chain.ts';
import { jumpWords, type PrintedJump } from '../rules/jump-words.ts';
import { NATIVE_RULE } from '../rules/rule-words.ts';
import { canonicalRuleProtocol } from '../../../domain/protocol.ts';
import type { Observed } from './observe.ts';

type NativeTable =
  | {
      readonly kind: 'read';
      readonly lines: readonly string[];
      /** By chain, of each rule in order; of the chains in `lines` alone. */
      readonly handles: ReadonlyMap<string, readonly number[]>;
      /** Chains whose rules are still to be listed. */
      readonly ours: readonly string[];
    }
  /** A jump to a chain of ours that this nft cannot print: without it the same jump would be made again and again. */
  | { readonly kind: 'unreadable'; readonly rule: string };

/** Made by iptables with the first rule, where a native table lacks them. */
const BUILT_IN = ['INPUT', 'FORWARD', 'OUTPUT'];

/** Reads the table. */
export function readNativeTable(text: string, prefix: string): NativeTable {
  const heads = new Map(BUILT_IN.map((chain) => [chain, `-P ${chain} ACCEPT`]));
  const rules: string[] = [];
  const handles = new Map<string, number[]>();
  let chain: string | undefined;
  for (const printed of text.split('\n')) {
    const [, line = '', handle] = /^(.*?)(?: # handle (\d+))?$/.exec(printed) ?? [];
    const block = /^\t(\S.*) \{$/.exec(line)?.[1];
    if (block !== undefined) {
      chain = /^chain (\S+)$/.exec(block)?.[1];
      if (chain !== undefined && !heads.has(chain)) heads.set(chain, `-N ${chain}`);
    } else if (line === '\t}') chain = undefined;
    // A chain may begin with its hook, and with a comment on it.
    else if (chain !== undefined && !isOurs(chain, prefix) && /^\t\t(?!type |comment )\S/.test(line)) {
      const rule = line.trim();
      const jump = readJump(rule);
      const isOwn = jump !== undefined && isOurs(jump.target, prefix);
      const words = isOwn && jump.printed !== undefined ? jumpWords(jump.printed) : undefined;
      if (isOwn && words === undefined && rule.includes('xt match')) return { kind: 'unreadable', rule };
      handles.set(chain, [...(handles.get(chain) ?? []), Number(handle)]);
      rules.push(`-A ${chain} ${words ?? NATIVE_RULE}`);
    }
  }
  const ours = Array.from(heads.keys()).filter((each) => isOurs(each, prefix));
  return { kind: 'read', lines: [...heads.values(), ...rules], handles, ours };
}

/** The same with the handles of its rules. */
export function withHandles(observed: Observed, handles: ReadonlyMap<string, readonly number[]>): Observed {
  const chains = Array.from(observed.chains, ([chain, rules]) => {
    const own = handles.get(chain);
    return [
      chain,
      rules.map((rule, index) => {
        const handle = own?.[index];
        return rule.kind === 'foreign' || handle === undefined ? rule : { ...rule, handle };
      }),
    ] as const;
  });
  return { ...observed, chains: new Map(chains) };
}

interface Jump {
  readonly target: string;
  /** Undefined where nft does not say what it matches. */
  readonly printed: PrintedJump | undefined;
}

/**
 * The protocol stands ahead of the ports where iptables wrote the rule with multiport, which nft cannot know natively
 * and prints as if it could; where it was built without xtables, it prints `xt match "multiport"` instead.
 */
function readJump(rule: string): Jump | undefined {
  const end = /^(.*?)(?:counter )?(jump|goto) (\S+)$/.exec(rule);
  const [, matches = '', verb, target] = end ?? [];
  if (target === undefined) return undefined;
  const to = { target, isGoto: verb === 'goto' };
  if (matches === '') return { target, printed: to };
  const [, number, name, ports] = JUMP_MATCHES.exec(matches) ?? [];
  const protocol = canonicalRuleProtocol(number ?? name ?? '');
  if (protocol === '') return { target, printed: undefined };
  if (ports === undefined) return { target, printed: { ...to, protocol } };
  const list = ports.replace(/[{} ]/g, '').replaceAll('-', ':');
  return { target, printed: { ...to, protocol, ports: list, isMultiport: number !== undefined } };
}

const JUMP_MATCHES =
  /^(?:(?:meta l4proto|ip protocol|ip6 nexthdr) (\S+) )?(?:(tcp|udp|sctp|dccp) dport (\{ [^{}]+ \}|[\d-]+) )?$/;
