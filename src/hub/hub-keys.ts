/**
 * The lines of authorized_keys that allow firewalls to use a hub. Their forced command names the hub, because an
 * account may have several. It also has the fingerprint of the key, which the door looks for: so the door refuses a
 * replaced key although its connection is still open.
 */
import { dropKeyLines, otherKeyLines, putKeyLine, type OwnerOfLine } from '../access/key-lines.ts';
import { fingerprintOf, type PublicKey } from '../domain/public-key.ts';

export interface FirewallKey {
  readonly firewall: string;
  readonly key: PublicKey;
  /** The pattern list of `from=`; absent: from anywhere. */
  readonly from?: string;
}

/** The line of one key. `restrict` disables everything but the command, also the features of later versions of sshd. */
export function formatFirewallKey({ firewall, key, from }: FirewallKey, door: string): string {
  const command = `${door} ${firewall} ${fingerprintOf(key)}`;
  const options = ['restrict', ...(from === undefined ? [] : [`from="${from}"`]), `command="${command}"`];
  return `${options.join(',')} ${key.type} ${key.base64} ${firewall}`;
}

/** The keys with this door in the text of an authorized_keys file, in its order. */
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

/** The lines without this door. */
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
