/** What is written on the command line, checked: each mistake quotes it and says what would do. */
import { MAX_SECONDS, MAX_TEXT } from '../intent/fields.ts';
import { isFirewallName } from '../domain/firewall-name.ts';
import { JAIL_NAME } from '../domain/names.ts';
import { isServerName, originOf, reservedNames } from '../domain/origin.ts';
import { parseNet, type Net } from '../domain/net.ts';
import { BanspoolError } from '../system/error.ts';
import { expectedLength, quote } from '../yaml/expected.ts';
import { parseDuration } from '../yaml/time.ts';

/** An address from the command line. */
export function addressOf(text: string): Net {
  const net = parseNet(text);
  if (net !== undefined) return net;
  throw new BanspoolError('usage', `"${text}" is not an IPv4 or IPv6 address or CIDR`, {
    hint: 'host names are not resolved: use an address such as 203.0.113.7 or 2001:db8::/64',
  });
}

/** A jail from the command line. */
export function jailOf(text: string): string {
  if (JAIL_NAME.test(text)) return text;
  throw new BanspoolError('usage', `"${text}" is not a valid jail name`, {
    hint: 'a jail name is 1-64 characters of A-Z a-z 0-9 _ . - and begins with a letter or digit',
  });
}

/** A server from the command line: never the operator, nor another reserved name. */
export function serverOf(text: string): string {
  if (isServerName(text)) return text;
  throw new BanspoolError('usage', `"${text}" is not a valid server name`, {
    hint: `a server name is 1-63 characters of a-z 0-9 . - and begins with a letter or digit; ${reservedNames().join(', ')} are reserved`,
  });
}

/** A firewall of a fleet from the command line. */
export function firewallOf(text: string): string {
  if (isFirewallName(text)) return text;
  throw new BanspoolError('usage', `"${text}" cannot be the name of a firewall`, {
    hint: 'a name is 1-63 characters of a-z 0-9 . - and begins with a letter or digit, without ".." and ".lock"; default, local, adopted and escalation are reserved',
  });
}

/** Whoever may claim something: a server, the operator, or another reserved name. */
export function claimantOf(text: string): string {
  return originOf(text).kind === 'server' ? serverOf(text) : text;
}

/** How many from the command line. */
export function countOf(option: string, text: string, what: string): number {
  if (/^[1-9][0-9]{0,6}$/.test(text)) return Number(text);
  throw new BanspoolError('usage', `${option}: ${quote(text)} is not a valid number of ${what}`, {
    hint: 'use a whole number from 1 to 9999999',
  });
}

/** A length of time from the command line, in whole milliseconds. */
export function lengthOf(option: string, text: string): number {
  const milliseconds = Math.round(parseDuration(text) ?? 0);
  if (milliseconds > MAX_SECONDS * 1000) {
    throw new BanspoolError('usage', `${option}: "${text}" is too long`, {
      hint: `the longest time is ${Math.floor(MAX_SECONDS / DAY_SECONDS)}d`,
    });
  }
  if (milliseconds > 0) return milliseconds;
  throw new BanspoolError('usage', `${option}: ${expectedLength('a time')({ input: text })}`, {
    hint: 'use a time such as 600 (seconds), 90s, 2h, 1d12h, 30d or 3mo',
  });
}

const DAY_SECONDS = 24 * 3600;

/** Words for people from the command line. */
export function reasonOf(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  throw new BanspoolError('usage', `--reason: ${quote(text)} is longer than ${MAX_TEXT} characters`, {
    hint: 'use at most 200 characters',
  });
}
