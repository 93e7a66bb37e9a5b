/** Entries of an export that are made up. */
import { netOf } from '../../src/domain/net.ts';
import type { Entry } from '../../src/exports/entry.ts';
import type { Export, Form } from '../../src/exports/forms/form.ts';

export function entryOf(text: string, { until = Infinity, jails = ['sshd'] } = {}): Entry {
  return { net: netOf(text), until, jails };
}

/** A host and a net that holds another one, of both families. */
export const ENTRIES: readonly Entry[] = [
  entryOf('192.0.2.0/24', { until: Date.UTC(2026, 10, 29, 12) }),
  entryOf('192.0.2.7', { jails: ['postfix', 'sshd'] }),
  entryOf('203.0.113.9'),
  entryOf('2001:db8::/64'),
  entryOf('2001:db8:1::7'),
];

/** What the form makes of them, in one text. */
export function textOf(form: Form, made: Partial<Export> = {}): string {
  return [...form({ file: 'bans.txt', families: ['ipv4', 'ipv6'], entries: ENTRIES, ...made })].join('');
}
