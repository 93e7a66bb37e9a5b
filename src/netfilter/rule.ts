/**
 * The few rules that banspool writes, as text in the exact form in which `iptables -S` prints them. A rule is
 * compared by this text; whatever was printed is brought to it first, since iptables reorders matches, fills in
 * defaults and turns `--dport 22` and `--dports 22` into different lines that mean the same.
 */
import { canonicalRuleProtocol } from '../net/protocol.ts';
import { cidrText, parseNet, type Family, type Net } from '../net/net.ts';
import { formatPorts, parsePorts, type PortRange } from '../net/ports.ts';

export type Verdict = 'DROP' | 'REJECT';

/** The end of each of our chains. */
export const RETURN_RULE = '-j RETURN';

/** Stands for one that iptables cannot print. */
export const NATIVE_RULE = 'native';

/** A packet from `source` is dropped or rejected. */
export function verdictRule(source: Source, verdict: Verdict): string {
  return `${sourceMatch(source)}${VERDICTS[verdict][source.family]}`;
}

/** A packet from whatever the set holds is dropped or rejected. */
export function setRule(set: string, family: Family, verdict: Verdict): string {
  return `-m set --match-set ${set} src ${VERDICTS[verdict][family]}`;
}

/** Whom a rule of ours drops or rejects; undefined of any other. */
export function sourceOfVerdict(rule: string, family: Family): string | undefined {
  const match = /^(?:-s (\S+) )?-j (?:DROP|REJECT)\b/.exec(rule);
  if (match === null) return undefined;
  return match[1] === undefined ? EVERYBODY[family] : parseNet(match[1])?.text;
}

const EVERYBODY = { ipv4: '0.0.0.0/0', ipv6: '::/0' } as const;

/** The set that a rule looks into; undefined when it does not. */
export function setInRule(rule: string): string | undefined {
  return /(?:^| )--match-set (\S+) /.exec(rule)?.[1];
}

/** A packet from `source` goes on past our chain. */
export function allowRule(source: Net): string {
  return `${sourceMatch(source)}${RETURN_RULE}`;
}

/** A network, as far as a rule needs to know it. */
export type Source = Pick<Net, 'family' | 'text'>;

/** iptables prints no `-s` for all addresses. */
function sourceMatch(source: Source): string {
  return source.text.endsWith('/0') ? '' : `-s ${cidrText(source)} `;
}

/** What sends packets into one of our chains; without `protocol` all of them, without `ports` all of a protocol. */
export interface Jump {
  readonly chain: string;
  readonly protocol?: string;
  readonly ports?: readonly PortRange[];
}

/** The rule of a jump. */
export function jumpRule({ chain, protocol, ports }: Jump): string {
  if (protocol === undefined) return `-j ${chain}`;
  if (ports === undefined) return `-p ${protocol} -j ${chain}`;
  return `-p ${protocol} -m multiport --dports ${formatPorts(ports)} -j ${chain}`;
}

/**
 * The words of a printed rule in our own form, or undefined for one that we would never write. The words are those
 * after the chain's name, without counters.
 */
export function canonicalRule(words: readonly string[], family: Family): string | undefined {
  const rule = readWords(words);
  if (rule?.target === undefined) return undefined;
  if (rule.set !== undefined) {
    const isPlain = rule.source === undefined && rule.protocol === undefined && rule.ports === undefined;
    return isPlain ? `-m set --match-set ${rule.set} src ${rule.target}` : undefined;
  }
  if (rule.icmp !== undefined || rule.hops !== undefined) return canonicalIcmp(rule);
  if (rule.source !== undefined) {
    const source = parseNet(rule.source);
    if (source?.family !== family || rule.protocol !== undefined || rule.ports !== undefined)
      return undefined;
    return `${sourceMatch(source)}${rule.target}`;
  }
  if (rule.protocol === undefined) return rule.ports === undefined ? rule.target : undefined;
  const protocol = canonicalRuleProtocol(rule.protocol);
  if (rule.ports === undefined) return `-p ${protocol} ${rule.target}`;
  const parsed = parsePorts(rule.ports, NO_SERVICES);
  if (parsed.kind === 'bad') return undefined;
  return `-p ${protocol} -m multiport --dports ${formatPorts(parsed.ports)} ${rule.target}`;
}

/** As in neighbour.ts. */
function canonicalIcmp({ source, protocol = '', ports, icmp, hops, target }: ReadRule): string | undefined {
  if (source !== undefined || ports !== undefined || icmp === undefined || hops === undefined)
    return undefined;
  if (canonicalRuleProtocol(protocol) !== 'ipv6-icmp') return undefined;
  return `-p ipv6-icmp -m icmp6 --icmpv6-type ${icmp} -m hl --hl-eq ${hops} ${target ?? ''}`;
}

const VERDICTS = {
  DROP: { ipv4: '-j DROP', ipv6: '-j DROP' },
  REJECT: {
    ipv4: '-j REJECT --reject-with icmp-port-unreachable',
    ipv6: '-j REJECT --reject-with icmp6-port-unreachable',
  },
} as const;

const NO_SERVICES = new Map<string, number>();

interface ReadRule {
  source?: string;
  protocol?: string;
  ports?: string;
  set?: string;
  icmp?: string;
  hops?: string;
  target?: string;
}

/** Reads the options we know, each at most once; any other word makes the rule not ours. */
function readWords(words: readonly string[]): ReadRule | undefined {
  const rule: ReadRule = {};
  for (let at = 0; at < words.length; at += 2) {
    const option = words[at];
    const value = words[at + 1];
    if (value === undefined) return undefined;
    if (option === '-s' && rule.source === undefined) rule.source = value;
    else if (option === '-p' && rule.protocol === undefined) rule.protocol = value;
    else if (option === '-m' && (value === 'multiport' || value === rule.protocol)) continue;
    else if (option === '-m' && ['set', 'icmp6', 'hl'].includes(value)) continue;
    else if (option === '--icmpv6-type' && rule.icmp === undefined) rule.icmp = value;
    else if (option === '--hl-eq' && rule.hops === undefined) rule.hops = value;
    else if (option === '--match-set' && rule.set === undefined && words[at + 2] === 'src') {
      rule.set = value;
      at += 1;
    } else if ((option === '--dports' || option === '--dport') && rule.ports === undefined)
      rule.ports = value;
    else if (option === '-j' && rule.target === undefined) rule.target = `-j ${value}`;
    else if (option === '--reject-with' && rule.target === '-j REJECT')
      rule.target += ` --reject-with ${value}`;
    else return undefined;
  }
  return rule;
}
