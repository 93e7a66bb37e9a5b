/**
 * The pattern list of `from=` (sshd(8), AUTHORIZED_KEYS), as sshd takes it: one network with host bits makes the
 * whole list void, and so does an empty pattern (addr_match_list of OpenSSH). What is no network is compared as text
 * with the client's address, and with its name where sshd looks for names.
 */
import { isIP } from 'node:net';
import { parseNet } from '../domain/net.ts';

type FromList =
  | {
      readonly kind: 'list';
      /** With each network as sshd must have it. */
      readonly text: string;
      /** The first one that stood there otherwise, and is nothing to sshd. */
      readonly misread?: string;
      /** True where no client gets in but by its name. */
      readonly needsNames: boolean;
    }
  | { readonly kind: 'bad'; readonly reason: string };

export function parseFromList(list: string): FromList {
  if (!/^[A-Za-z0-9.:*?/!_-]+(,[A-Za-z0-9.:*?/!_-]+)*$/.test(list))
    return { kind: 'bad', reason: `"${list}" is not a list of address patterns` };
  const patterns = list.split(',').map(parsePattern);
  const bad = patterns.find(({ isBad }) => isBad);
  if (bad !== undefined) return { kind: 'bad', reason: `"${bad.given}" is not an address, CIDR or pattern` };
  const letIn = patterns.filter(({ text }) => !text.startsWith('!'));
  if (letIn.length === 0)
    return { kind: 'bad', reason: `"${list}" only excludes addresses, and allows none` };
  const misread = patterns.find(({ isMisread }) => isMisread)?.given;
  return {
    kind: 'list',
    text: patterns.map(({ text }) => text).join(','),
    ...(misread !== undefined && { misread }),
    needsNames: letIn.every(({ text }) => isName(text)),
  };
}

interface Pattern {
  readonly given: string;
  readonly text: string;
  readonly isBad?: boolean;
  readonly isMisread?: boolean;
}

function parsePattern(given: string): Pattern {
  const [, not = '', pattern = ''] = /^(!?)(.*)$/.exec(given) ?? [];
  // sshd takes /08 for /8.
  const cidr = pattern.replace(/\/0+(?=\d)/, '/');
  const net = parseNet(cidr);
  if (net === undefined) return { given, text: given, isBad: isNoPattern(pattern) };
  const [address = ''] = cidr.split('/');
  // An IPv4 client has its IPv4 address to sshd, never the IPv4-mapped one.
  const isMapped = isIP(address) === 6 && net.family === 'ipv4';
  const isMisread = isMapped || parseNet(address)?.bits !== net.bits;
  return { given, text: isMisread ? not + net.text : given, isMisread };
}

/** What can be no client's address or name, nor a pattern of one: a range, a netmask, a port, 10/8, 192.0.2.010. */
function isNoPattern(text: string): boolean {
  const isNumber = /^[0-9.-]*$/.test(text) || (text.includes(':') && !/[*?]/.test(text));
  return isNumber || /[/!]/.test(text);
}

function isName(text: string): boolean {
  return !text.includes(':') && /[a-z]/i.test(text) && !/^[0-9a-f*?]+$/i.test(text);
}
