/**
 * The protocols that a jail names, however it names them. `protocol` of fail2ban goes to iptables as it stands, which
 * takes numbers and any letters; a word that cannot be read is taken for all of them, as of ports.
 */
import { parseProtocols, PROTOCOLS, type Protocol } from '../domain/protocol.ts';
import { quote } from '../yaml/expected.ts';

interface JailProtocols {
  /** Canonical text. */
  readonly protocols: string;
  /** Tells of the word for which they are all. */
  readonly warning?: string;
}

/** Reads names and numbers with commas or blanks between; nothing at all is tcp, as fail2ban has it. */
export function readJailProtocols(text: string): JailProtocols {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (words.length === 0) return { protocols: 'tcp' };
  const named = words.map((word) => ALIASES.get(word) ?? word);
  const protocols = parseProtocols(named.join(','));
  if (protocols !== undefined) return { protocols: protocols.join(',') };
  const unknown = words.find((word) => parseProtocols(ALIASES.get(word) ?? word) === undefined) ?? text;
  return { protocols: 'all', warning: takenAsAll(unknown) };
}

/** IANA's numbers, and names of ICMPv6 in /etc/protocols. */
const ALIASES: ReadonlyMap<string, Protocol> = new Map([
  ['0', 'all'],
  ['any', 'all'],
  ['1', 'icmp'],
  ['58', 'icmp'],
  ['icmpv6', 'icmp'],
  ['ipv6-icmp', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['33', 'dccp'],
  ['132', 'sctp'],
]);

const takenAsAll = (word: string): string =>
  `protocol: ${quote(word)} is not ${PROTOCOLS.join(', ')} or the number of one of these: read as all protocols`;
