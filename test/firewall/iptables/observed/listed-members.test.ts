import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eachListedMember } from '../../../../src/firewall/iptables/observed/listed-members.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('members of a listed set');

test('are those that are addresses or networks, in canonical text, with their times and counts', () => {
  const lines = [
    '192.0.2.1 timeout 7',
    '223.255.255.255 timeout 0 packets 3 bytes 180',
    '192.0.2.2,tcp:22 timeout 7',
    '',
    '::1.2.3.4 timeout 0',
    '198.51.100.0/24 timeout 9 packets 1 bytes 60',
    '192.0.2.3',
  ];

  assert.equal(
    Array.from(eachListedMember(membersIn(lines.join('\n'))), ({ ip, left, packets, bytes }) => [
      ...[ip.text, ip.prefix, left, packets, bytes],
    ]),
    [
      ['192.0.2.1', 32, 7, 0, 0],
      ['223.255.255.255', 32, 0, 3, 180],
      ['::102:304', 128, 0, 0, 0],
      ['198.51.100.0/24', 24, 9, 1, 60],
      ['192.0.2.3', 32, 0, 0, 0],
    ],
  );
});

test.run();
