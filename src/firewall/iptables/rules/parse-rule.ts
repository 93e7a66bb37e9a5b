/**
 * Turns the words of a printed rule into one of ours. iptables reorders matches, fills in defaults, and turns
 * `--dport 22` and `--dports 22` into different lines that mean the same; what it prints of them is the same rule
 * here.
 */
import { parseIpv4 } from '../../../domain/ipv4.ts';
import { parseNet, type Family } from '../../../domain/net.ts';
import { parsePorts } from '../../../domain/ports.ts';
import { canonicalRuleProtocol } from '../../../domain/protocol.ts';
import { NO_SERVICES } from '../../../domain/services.ts';
import { ruleOf, sourceRule, type Match, type Rule, type Source, type Target } from './rule.ts';

/**
 * The rule, or undefined for one that we would never write. The words are those after the chain's name, without
 * counters.
 */
export function parseRule(words: readonly string[], family: Family): Rule | undefined {
  const found = readWords(words);
  if (found?.to === undefined) return undefined;
  const { to, rejectWith } = found;
  const target: Target = rejectWith === undefined ? { to } : { to, rejectWith };
  if (found.source !== undefined) {
    const source = hasOther(found, 'source') ? undefined : parseSource(found.source, family);
    return source === undefined ? undefined : sourceRule(source, target);
  }
  const match = matchOf(found);
  return match === undefined ? undefined : ruleOf(match, target);
}

/** Nearly every one is an IPv4 address. */
function parseSource(text: string, family: Family): Source | undefined {
  if (family === 'ipv4' && text.endsWith('/32') && parseIpv4(text, 0, text.length - 3) !== undefined)
    return { family, text: text.slice(0, -3) };
  const net = parseNet(text);
  return net?.family === family ? net : undefined;
}

/** Of one that names no source. */
function matchOf(found: FoundWords): Match | undefined {
  if (found.set !== undefined) return hasOther(found, 'set') ? undefined : { match: 'set', set: found.set };
  const { type, hops } = found;
  const protocol = found.protocol === undefined ? undefined : canonicalRuleProtocol(found.protocol);
  if (type !== undefined || hops !== undefined) {
    const isWhole = type !== undefined && hops !== undefined && found.ports === undefined;
    return isWhole && protocol === 'ipv6-icmp' ? { match: 'icmpv6', type, hops } : undefined;
  }
  if (protocol === undefined) return found.ports === undefined ? { match: 'all' } : undefined;
  if (found.ports === undefined) return { match: 'protocol', protocol };
  const parsed = parsePorts(found.ports, NO_SERVICES);
  return parsed.kind === 'bad' ? undefined : { match: 'protocol', protocol, ports: parsed.ports };
}

interface FoundWords {
  source?: string;
  protocol?: string;
  ports?: string;
  set?: string;
  type?: string;
  hops?: string;
  to?: string;
  rejectWith?: string;
}

/** True where it narrows its packets by something else too: none of our rules has two matches. */
function hasOther(found: FoundWords, own: 'source' | 'set'): boolean {
  const { protocol, ports, type, hops } = found;
  const other = own === 'source' ? found.set : found.source;
  return [other, protocol, ports, type, hops].some((each) => each !== undefined);
}

/** Reads the options we know, each at most once; any other word makes the rule not ours. */
function readWords(words: readonly string[]): FoundWords | undefined {
  const found: FoundWords = {};
  for (let at = 0; at < words.length; at += 2) {
    const option = words[at];
    const value = words[at + 1];
    if (value === undefined) return undefined;
    if (option === '-s' && found.source === undefined) found.source = value;
    else if (option === '-p' && found.protocol === undefined) found.protocol = value;
    else if (option === '-m' && (value === 'multiport' || value === found.protocol)) continue;
    else if (option === '-m' && ['set', 'icmp6', 'hl'].includes(value)) continue;
    else if (option === '--icmpv6-type' && found.type === undefined) found.type = value;
    else if (option === '--hl-eq' && found.hops === undefined) found.hops = value;
    else if (option === '--match-set' && found.set === undefined && words[at + 2] === 'src') {
      found.set = value;
      at += 1;
    } else if ((option === '--dports' || option === '--dport') && found.ports === undefined)
      found.ports = value;
    else if (option === '-j' && found.to === undefined) found.to = value;
    else if (option === '--reject-with' && found.to === 'REJECT' && found.rejectWith === undefined)
      found.rejectWith = value;
    else return undefined;
  }
  return found;
}
