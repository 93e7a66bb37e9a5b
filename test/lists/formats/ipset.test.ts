import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openIpsetParser } from '../../../src/lists/formats/ipset.ts';
import { exampleList, readList } from '../examples.ts';

const ipset = suite('a line of ipset save');

ipset('names a member, when it ends, its comment, and the jail of fail2ban that the set is of', () => {
  assert.equal(readList(exampleList('ipset.save')).told, [
    ['203.0.113.99', { jail: 'sshd', left: 599_000 }],
    ['203.0.113.98', { jail: 'sshd', until: Infinity }],
    ['198.51.100.0/24', { reason: 'seen at web1 # nomatch' }],
    ['192.0.2.0/24', undefined],
    ['2001:db8::/48', undefined],
  ]);
});

ipset('is not read where it is an exception, or of a set of more than addresses', () => {
  const seen = readList(exampleList('ipset.save'));

  assert.equal(
    seen.unread.examples.map(({ line }) => line),
    [6, 12, 14],
  );
});

ipset('is read without the line that creates its set, and from a range', () => {
  assert.equal(readList('add deny 203.0.113.7\nadd deny 203.0.113.8-203.0.113.9 -exist\n').told, [
    ['203.0.113.7', undefined],
    ['203.0.113.8/31', undefined],
  ]);
});

ipset('has words in its comment that mean nothing', () => {
  assert.equal(readList('add deny 203.0.113.7 comment "is a nomatch here"\n').told, [
    ['203.0.113.7', { reason: 'is a nomatch here' }],
  ]);
});

ipset('of a set with a bitmask is not read, since it means addresses that are no net', () => {
  const parse = openIpsetParser();

  assert.is(parse('create odd hash:ip family inet bitmask 255.255.0.255'), 'nothing');
  assert.is(parse('add odd 203.0.0.4'), 'unread');
});

for (const line of ['', '# saved', 'create x hash:ip', 'flush x', 'COMMIT'])
  ipset(`"${line}" is nothing to read`, () => {
    assert.is(openIpsetParser()(line), 'nothing');
  });

for (const line of [
  'add',
  'add x',
  'add x example.org',
  'add x 203.0.113.1,tcp:22',
  'del x 203.0.113.7',
  'x',
])
  ipset(`"${line}" is not understood`, () => {
    assert.is(openIpsetParser()(line), 'unread');
  });

ipset.run();
