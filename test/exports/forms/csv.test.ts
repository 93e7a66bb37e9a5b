import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { csvForm } from '../../../src/exports/forms/csv.ts';
import { jailName } from '../../support/arbitraries.ts';
import { entryOf, textOf } from '../entries.ts';

const test = suite('CSV');

test('has a head, a row for each entry, and CRLF at the end of each', () => {
  assert.is(
    textOf(csvForm),
    [
      'address,family,jails,until',
      '192.0.2.0/24,ipv4,sshd,2026-11-29T12:00:00.000Z',
      '192.0.2.7,ipv4,postfix sshd,',
      '203.0.113.9,ipv4,sshd,',
      '2001:db8::/64,ipv6,sshd,',
      '2001:db8:1::7,ipv6,sshd,',
      '',
    ].join('\r\n'),
  );
});

test('has cells that no name of a jail makes a formula or another cell', () => {
  fc.assert(
    fc.property(fc.array(jailName, { minLength: 1 }), (jails) => {
      const text = textOf(csvForm, { entries: [entryOf('2001:db8::1', { jails })] });

      const [, row = ''] = text.split('\r\n');
      assert.match(row, /^2001:db8::1,ipv6,[A-Za-z0-9][^,"=+@\r\n\t]*,$/);
    }),
  );
});

test.run();
