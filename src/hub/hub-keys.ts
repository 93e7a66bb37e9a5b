/**
 * The lines of authorized_keys that allow firewalls to use a hub. Ours are known by their forced command, which names
 * the hub: the account may work another one. The fingerprint in it is what the door looks for, so that a key which was
 * replaced stays outside though its connection stands.
 */
import { dropKeyLines, otherKeyLines, putKeyLine, type OwnerOfLine } from '../access/key-lines.ts';
import { fingerprintOf, type PublicKey } from '../domain/public-key.ts';

export interface FirewallKey {
  readonly firewall: string;
  readonly key: PublicKey;
  /** The pattern list of `from=`; absent: from anywhere. */
  readonly from?: string;
}

/** The line of one key. `restrict` shuts all that sshd offers beside the command, and what later versions will. */
export function formatFirewallKey({ firewall, key, from }: FirewallKey, door: string): string {
  const command = `${door} ${firewall} ${fingerprintOf(key)}`;
  const options = ['restrict', ...(from === undefined ? [] : [`from="${from}"`]), `command="${command}"`];
  return `${options.join(',')} ${key.type} ${key.base64} ${firewall}`;
}

/** The keys behind this door in the text of an authorized_keys file, in its order. */
export function parseFirewallKeys(text: string, door: string): readonly FirewallKey[] {
  return text.split('\n').flatMap((line) => parseFirewallKey(line, door) ?? []);
}

/** The text with this key as the only one of its firewall. */
export function putFirewallKey(text: string, key: FirewallKey, door: string): string {
  return putKeyLine(text, { name: key.firewall, line: formatFirewallKey(key, door) }, behind(door));
}

/** The text without the key of this firewall. */
export function dropFirewallKey(text: string, firewall: string, door: string): string {
  return dropKeyLines(text, firewall, behind(door));
}

/** Lines of which none leads to this door. */
export function linesBeside(text: string, door: string): readonly string[] {
  return otherKeyLines(text, behind(door));
}

function behind(door: string): OwnerOfLine {
  return (line) => parseFirewallKey(line, door)?.firewall;
}

const LINE = /^restrict,(?:from="([^"]*)",)?command="(\S+) (\S+) SHA256:\S+" (\S+) (\S+)/;

function parseFirewallKey(line: string, door: string): FirewallKey | undefined {
  const match = LINE.exec(line);
  if (match?.[2] !== door) return undefined;
  const [, from, , firewall = '', type = '', base64 = ''] = match;
  return { firewall, key: { type, base64 }, ...(from !== undefined && { from }) };
}
