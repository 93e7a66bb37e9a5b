/**
 * The few rules that banspool writes, as values that know their text: the exact form in which `iptables -S` prints
 * them. Two rules are the same where their texts are. What was printed becomes one in parse-rule.ts.
 */
import { cidrText, FULL_PREFIX, type Family, type Net } from '../../../domain/net.ts';
import { formatPorts, type Ports } from '../../../domain/ports.ts';

export type Verdict = 'DROP' | 'REJECT';

export type Rule = Match & Target & { readonly text: string };

/** The packets that a rule is about. */
export type Match =
  | { readonly match: 'all' }
  /** From one address or network, in its canonical text. */
  | { readonly match: 'source'; readonly source: string }
  /** From whatever the set holds. */
  | { readonly match: 'set'; readonly set: string }
  /** Of a protocol, as it is called in a rule; without `ports` all of it. */
  | { readonly match: 'protocol'; readonly protocol: string; readonly ports?: Ports }
  /** ICMPv6 of one type, with so many hops left. */
  | { readonly match: 'icmpv6'; readonly type: string; readonly hops: string };

/** What becomes of them. */
export interface Target {
  /** A chain, or a verdict. */
  readonly to: string;
  /** What those who sent them are told; of REJECT alone. */
  readonly rejectWith?: string;
}

/** A network, as far as a rule needs to know it. */
export type Source = Pick<Net, 'family' | 'text'>;

/** The rule of these packets. */
export function ruleOf(match: Match, target: Target): Rule {
  return { ...match, ...target, text: `${matchText(match)}${targetText(target)}` };
}

/** The same of one source. */
export function sourceRule(source: Source, target: Target): Rule {
  if (source.text.endsWith('/0')) return ruleOf({ match: 'all' }, target);
  return fromSource(source.text, target, `-s ${cidrText(source)} ${targetText(target)}`);
}

/** No object is made that is thrown away, since there may be a hundred thousand. */
function fromSource(source: string, { to, rejectWith }: Target, text: string): Rule {
  if (rejectWith === undefined) return { match: 'source', source, to, text };
  return { match: 'source', source, to, rejectWith, text };
}

function matchText(match: Match): string {
  switch (match.match) {
    // iptables prints no `-s` for all addresses.
    case 'all':
      return '';
    case 'source':
      return `-s ${cidrText({ family: match.source.includes(':') ? 'ipv6' : 'ipv4', text: match.source })} `;
    case 'set':
      return `-m set --match-set ${match.set} src `;
    case 'protocol': {
      const ports = match.ports === undefined ? '' : `-m multiport --dports ${formatPorts(match.ports)} `;
      return `-p ${match.protocol} ${ports}`;
    }
    case 'icmpv6':
      return `-p ipv6-icmp -m icmp6 --icmpv6-type ${match.type} -m hl --hl-eq ${match.hops} `;
  }
}

function targetText({ to, rejectWith }: Target): string {
  return rejectWith === undefined ? `-j ${to}` : `-j ${to} --reject-with ${rejectWith}`;
}

const RETURN: Target = { to: 'RETURN' };

/** The end of each of our chains. */
export const RETURN_RULE = ruleOf({ match: 'all' }, RETURN);

/** A packet from `source` is dropped or rejected. */
export function verdictRule({ family, text }: Source, verdict: Verdict): Rule {
  const ending = ENDINGS[verdict][family];
  if (text.endsWith('/0')) return ruleOf({ match: 'all' }, ending.target);
  return fromSource(text, ending.target, `-s ${text}${text.includes('/') ? ending.ofNet : ending.ofAddress}`);
}

/** A packet from whatever the set holds is dropped or rejected. */
export function setRule(set: string, family: Family, verdict: Verdict): Rule {
  return ruleOf({ match: 'set', set }, VERDICTS[verdict][family]);
}

/** True for a rule that lets nothing by. */
export function isVerdict({ to }: Rule): boolean {
  return to === 'DROP' || to === 'REJECT';
}

const VERDICTS: Readonly<Record<Verdict, Readonly<Record<Family, Target>>>> = {
  DROP: { ipv4: { to: 'DROP' }, ipv6: { to: 'DROP' } },
  REJECT: {
    ipv4: { to: 'REJECT', rejectWith: 'icmp-port-unreachable' },
    ipv6: { to: 'REJECT', rejectWith: 'icmp6-port-unreachable' },
  },
};

interface Ending {
  readonly target: Target;
  /** What stands behind the source, for one address and for a network. */
  readonly ofAddress: string;
  readonly ofNet: string;
}

/** Spelt once for all bans, which are nearly all rules there are. */
const ENDINGS: Readonly<Record<Verdict, Readonly<Record<Family, Ending>>>> = {
  DROP: { ipv4: endingOf('DROP', 'ipv4'), ipv6: endingOf('DROP', 'ipv6') },
  REJECT: { ipv4: endingOf('REJECT', 'ipv4'), ipv6: endingOf('REJECT', 'ipv6') },
};

function endingOf(verdict: Verdict, family: Family): Ending {
  const target = VERDICTS[verdict][family];
  const ofNet = ` ${targetText(target)}`;
  return { target, ofAddress: `/${FULL_PREFIX[family]}${ofNet}`, ofNet };
}

/** A packet from `source` goes on past our chain. */
export function allowRule(source: Net): Rule {
  return sourceRule(source, RETURN);
}

/** ICMPv6 of one type goes on past our chain. */
export function icmpv6Rule(type: number, hops: number): Rule {
  return ruleOf({ match: 'icmpv6', type: String(type), hops: String(hops) }, RETURN);
}

/** What sends packets into one of our chains; without `protocol` all of them, without `ports` all of a protocol. */
interface Jump {
  readonly chain: string;
  readonly protocol?: string;
  readonly ports?: Ports;
}

/** The rule of a jump. */
export function jumpRule({ chain, protocol, ports }: Jump): Rule {
  const to = { to: chain };
  if (protocol === undefined) return ruleOf({ match: 'all' }, to);
  return ruleOf({ match: 'protocol', protocol, ...(ports !== undefined && { ports }) }, to);
}
