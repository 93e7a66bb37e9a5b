import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mikrotikForm } from '../../../src/exports/forms/mikrotik.ts';
import { textOf } from '../entries.ts';

const test = suite('a script for RouterOS');

function add(address: string): string {
  return `:do {add list=banspool_bans comment=banspool_bans timeout=1d address=${address}} on-error={}`;
}

test('takes its old entries out by their comment, and adds those of now, in the menu of each family', () => {
  const [head = '', ...lines] = textOf(mikrotikForm).trimEnd().split('\n');

  assert.match(head, /^# bans\.txt/);
  assert.equal(lines, [
    '/ip firewall address-list',
    'remove [find where comment=banspool_bans]',
    add('192.0.2.0/24'),
    add('192.0.2.7'),
    add('203.0.113.9'),
    '/ipv6 firewall address-list',
    'remove [find where comment=banspool_bans]',
    add('2001:db8::/64'),
    add('2001:db8:1::7/128'),
  ]);
});

test('leaves the menu of a family out that is not exported, which not every router has', () => {
  assert.not.match(textOf(mikrotikForm, { families: ['ipv4'], entries: [] }), '/ipv6');
});

test.run();
