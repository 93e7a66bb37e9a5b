/** The protocols an intent may name, and what each is called in a rule of either family. */
import type { Family } from './net.ts';

export const PROTOCOLS = ['all', 'tcp', 'udp', 'sctp', 'dccp', 'icmp'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** Those with ports that `-m multiport` can match, but for udplite, which fail2ban does not know. */
export const PORT_PROTOCOLS = ['tcp', 'udp', 'sctp', 'dccp'] as const;

/**
 * Parses fail2ban's `<protocol>`, one or a comma list; returns the canonical list, or undefined for anything else.
 * `all` swallows the others.
 */
export function parseProtocols(text: string): readonly Protocol[] | undefined {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const known = PROTOCOLS.filter((protocol) => names.includes(protocol));
  if (names.some((name) => !isProtocol(name))) return undefined;
  return known.includes('all') ? ['all'] : known;
}

/** True for those that have ports. */
export function hasPorts(protocol: string): protocol is (typeof PORT_PROTOCOLS)[number] {
  return (PORT_PROTOCOLS as readonly string[]).includes(protocol);
}

/**
 * What stands after `-p` in a rule. dccp goes by its number (IANA protocol numbers): its name is known to iptables
 * only through /etc/protocols, which a small machine may lack.
 */
export function ruleProtocol(protocol: Protocol, family: Family): string {
  if (protocol === 'dccp') return '33';
  if (protocol === 'icmp' && family === 'ipv6') return 'ipv6-icmp';
  return protocol;
}

/** What people and claims call a protocol of a rule. */
export function protocolName(ruled: string): string {
  return RULED_NAMES[ruled] ?? ruled;
}

const RULED_NAMES: Readonly<Record<string, string>> = { '33': 'dccp', 'ipv6-icmp': 'icmp' };

/** The reverse of {@link ruleProtocol} for what `iptables -S` prints, names and numbers alike. */
export function canonicalRuleProtocol(printed: string): string {
  return PRINTED_ALIASES[printed] ?? printed;
}

const PRINTED_ALIASES: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'ipv6-icmp',
  icmpv6: 'ipv6-icmp',
  '132': 'sctp',
  dccp: '33',
};

function isProtocol(name: string): name is Protocol {
  return (PROTOCOLS as readonly string[]).includes(name);
}
