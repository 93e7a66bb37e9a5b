/**
 * The ports that a jail names, however it names them. `port` of fail2ban goes to iptables as it stands, so jails that
 * are for all ports have whatever their action ignores there; a word that cannot be read is taken for all as well,
 * since too wide for an attacker hurts less than no ban.
 */
import { parsePorts, widenPorts, type Ports } from '../domain/ports.ts';
import type { Services } from '../domain/services.ts';
import { quote } from '../yaml/expected.ts';

interface JailPorts {
  readonly ports: Ports;
  /** Tells of the word for which they are all ports. */
  readonly warning?: string;
}

/** Reads numbers, service names and ranges with commas or blanks between; nothing at all is all ports. */
export function readJailPorts(text: string, services: Services): JailPorts {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0 || words.some((word) => ALL.has(word.toLowerCase()))) return { ports: 'all' };
  const parsed = parsePorts(words.join(','), services);
  if (parsed.kind === 'bad') return { ports: 'all', warning: takenAsAll(parsed.word) };
  // The jumps of its chain would be about all ports anyway; so what is kept of a claim stays short.
  return { ports: widenPorts(parsed.ports) };
}

/** iptables-allports of fail2ban is given such, and passes over them; 0 is no port that a host can be reached at. */
const ALL: ReadonlySet<string> = new Set(['all', 'any', 'anyport', '0']);

const takenAsAll = (word: string): string =>
  `ports: ${quote(word.replace(/\p{C}/gu, ' '))} is neither a port, a range a:b nor a name in /etc/services: read as all ports`;
