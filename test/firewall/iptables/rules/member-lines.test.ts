import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIpv4 } from '../../../../src/domain/ipv4.ts';
import { MemberLines } from '../../../../src/firewall/iptables/rules/member-lines.ts';
import { netIn } from '../../../support/arbitraries.ts';

const reading = suite('members as ipset lists them');

interface Line {
  readonly text: string;
  readonly left: number;
  readonly isPlain: boolean;
  readonly ipv4: number | undefined;
  readonly packets: number;
  readonly bytes: number;
}

function read(lines: string): readonly Line[] {
  const found: Line[] = [];
  for (const line = new MemberLines(lines); line.next();) {
    const { text, left, isPlain, ipv4, packets, bytes } = line;
    found.push({ text, left, isPlain, ipv4, packets, bytes });
  }
  return found;
}

reading('each is read as it is written, whatever stands before and behind it', () => {
  const member = fc.record({
    text: fc.oneof(netIn('ipv4'), netIn('ipv6')).map(({ text }) => text),
    left: fc.nat(),
    counts: fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: undefined }),
    tail: fc.constantFrom('', '', '', ' comment "x timeout 9"', ' nomatch'),
  });
  const countsText = (counts: readonly [number, number] | undefined): string =>
    counts === undefined ? '' : ` packets ${counts[0]} bytes ${counts[1]}`;

  fc.assert(
    fc.property(fc.array(member), fc.constantFrom('', '\n'), (members, end) => {
      const lines =
        members
          .map(({ text, left, counts, tail }) => `${text} timeout ${left}${countsText(counts)}${tail}`)
          .join('\n') + end;

      const expected = members.map(({ text, left, counts = [0, 0], tail }) => {
        const [packets, bytes] = counts;
        return { text, left, isPlain: tail === '', ipv4: parseIpv4(text), packets, bytes };
      });
      assert.equal(read(lines), expected);
    }),
  );
});

reading(
  'the time left and what it counts are found wherever they stand; without a time there is no end',
  () => {
    const found = read(
      [
        '192.0.2.1',
        '192.0.2.2 packets 5 bytes 60',
        '192.0.2.3 nomatch timeout 7',
        '192.0.2.4 timeout 8 packets 5 bytes 60',
        '192.0.2.5 timeout x',
        '192.0.2.6 timeout 8 packets 5',
        '192.0.2.7 timeout 8 packets x bytes 60',
      ].join('\n'),
    );

    assert.equal(
      found.map(({ left, isPlain, packets, bytes }) => [left, isPlain, packets, bytes]),
      [
        [0, false, 0, 0],
        [0, false, 5, 60],
        [7, false, 0, 0],
        [8, true, 5, 60],
        [0, false, 0, 0],
        [8, false, 5, 0],
        [8, false, 0, 60],
      ],
    );
  },
);

reading('no text makes it throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void read(text)));
});

reading.run();
