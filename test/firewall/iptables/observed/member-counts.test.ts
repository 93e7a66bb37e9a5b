import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { regionOf } from '../../../../src/domain/net.ts';
import {
  countLine,
  keptCounts,
  memberCounts,
} from '../../../../src/firewall/iptables/observed/member-counts.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('what members count');

const LINES = [
  '203.0.113.7 timeout 0 packets 3 bytes 180',
  '203.0.113.8 timeout 9 packets 0 bytes 0',
  '::1.2.3.4 timeout 0 packets 2 bytes 120',
  '198.51.100.0/24 timeout 9 packets 9007199254740991 bytes 9007199254740991',
  '',
].join('\n');

const COUNTS = [
  { text: '203.0.113.7', packets: 3, bytes: 180 },
  { text: '::102:304', packets: 2, bytes: 120 },
  { text: '198.51.100.0/24', packets: 2 ** 53 - 1, bytes: 2 ** 53 - 1 },
];

const listed = { content: { kind: 'listed', members: membersIn(LINES), at: 0 } } as const;

test('is read from a listing, in canonical text, where it is anything', () => {
  assert.equal([...memberCounts(listed)], COUNTS);
  assert.equal([...memberCounts({ content: { kind: 'unknown' } })], []);
});

test('is kept of those who are still there, from pass to pass', () => {
  const members = new Map([
    ...['203.0.113.7', '198.51.100.0/24'].map(
      (ip) => [regionOf('ipv4', ip), new Map([[ip, Infinity]])] as const,
    ),
  ]);
  const settled = { content: { kind: 'settled', members, counts: keptCounts(listed) } } as const;

  assert.is(settled.content.counts, COUNTS.map(countLine).join(''));
  assert.equal([...memberCounts(settled)], [COUNTS[0], COUNTS[2]]);
  assert.is(keptCounts(settled), settled.content.counts);
  assert.equal([keptCounts(undefined), keptCounts({ content: { kind: 'unknown' } })], ['', '']);
});

test.run();
