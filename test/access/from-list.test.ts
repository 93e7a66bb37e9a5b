import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFromList } from '../../src/access/from-list.ts';
import { netOf } from '../../src/domain/net.ts';
import { ipv4Text, ipv6Text } from '../support/arbitraries.ts';

const from = suite('from=');

/** As sshd of Debian 12 was seen to let in who should come, with these in authorized_keys. */
const TAKEN = [
  '203.0.113.11',
  '203.0.113.0/24',
  '203.0.113.11,2001:db8::/64',
  '203.0.113.11,2001:DB8::/32',
  '203.0.113.*',
  '!203.0.113.77,203.0.113.*',
  '!203.0.113.77,203.0.113.11',
  '203.0.113.11,web1.example',
  '203.0.113.11/032',
  '0.0.0.0/0',
  '2001:db8::*',
];

from('what sshd takes is as it was typed', () => {
  for (const text of TAKEN) assert.equal(parseFromList(text), { kind: 'list', text, needsNames: false });
});

from(
  'a network with host bits, of which sshd takes none, and of the list nothing, is cleared of them',
  () => {
    for (const [given, text, misread = given] of [
      ['203.0.113.10/24', '203.0.113.0/24'],
      ['203.0.113.11,2001:db8::1/64', '203.0.113.11,2001:db8::/64', '2001:db8::1/64'],
      ['203.0.113.11,!203.0.113.10/31', '203.0.113.11,!203.0.113.10/31', undefined],
      ['203.0.113.11,!203.0.113.9/31', '203.0.113.11,!203.0.113.8/31', '!203.0.113.9/31'],
      ['::ffff:203.0.113.11', '203.0.113.11'],
      ['::ffff:203.0.113.11/120', '203.0.113.0/24'],
      ['192.0.2.1/0', '0.0.0.0/0'],
    ] as const) {
      const parsed = parseFromList(given);

      assert.is(parsed.kind === 'list' ? parsed.text : parsed.reason, text);
      if (text !== given) assert.is(parsed.kind === 'list' && parsed.misread, misread, given);
    }
  },
);

from('what sshd takes for no address is refused, and quoted', () => {
  for (const [given, quoted = given] of [
    ['203.0.113.0/33'],
    ['203.0.113.0/240'],
    ['203.0.113.0/255.255.255.0'],
    ['10/8'],
    ['203.0.113.11,192.0.2/24', '192.0.2/24'],
    ['203.0.113.011'],
    ['203.0.113.10-203.0.113.20'],
    ['203.0.113.11:22'],
    ['203.0.113.11,!', '!'],
    ['203.0.113.11,!!192.0.2.1', '!!192.0.2.1'],
    ['2001:db8::/129'],
    ['web1.example/24'],
  ] as const) {
    const reason = `"${quoted}" is not an address, CIDR or pattern`;
    assert.equal(parseFromList(given), { kind: 'bad', reason });
  }
  for (const given of [
    '',
    '203.0.113.11,',
    ',203.0.113.11',
    '192.0.2.1, 203.0.113.11',
    '[203.0.113.11]',
    'a"b',
  ])
    assert.equal(parseFromList(given), {
      kind: 'bad',
      reason: `"${given}" is not a list of address patterns`,
    });
});

from('a list that only keeps out is refused, since it lets nobody in', () => {
  assert.equal(parseFromList('!203.0.113.77'), {
    kind: 'bad',
    reason: '"!203.0.113.77" only excludes addresses, and allows none',
  });
});

from('where nothing but a name lets in, that is known', () => {
  for (const [given, needsNames] of [
    ['web1.example', true],
    ['*.example,!203.0.113.77', true],
    ['web1,203.0.113.11', false],
    ['*', false],
    ['fe80:*', false],
  ] as const) {
    const parsed = parseFromList(given);
    assert.is(parsed.kind === 'list' && parsed.needsNames, needsNames, given);
  }
});

from('what is made of a list is what sshd takes, and means the same networks', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(ipv4Text, ipv6Text), { minLength: 1 }), (nets) => {
      const parsed = parseFromList(nets.join(','));

      const text = parsed.kind === 'list' ? parsed.text : parsed.reason;
      assert.equal(parseFromList(text), { kind: 'list', text, needsNames: false });
      assert.equal(text.split(',').map(netOf), nets.map(netOf));
    }),
  );
});

from.run();
