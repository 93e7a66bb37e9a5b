import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIpv4, readIpv4 } from '../../src/domain/ipv4.ts';

const ipv4 = suite('IPv4');

ipv4('an address is read as its bits, wherever in a text it stands', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.string(), fc.string(), (ip, before, after) => {
      const start = before.length;
      assert.is(parseIpv4(before + ip + after, start, start + ip.length), bitsOf(ip));
    }),
  );
});

ipv4('nothing else is read as an address', () => {
  const others = [
    '',
    '1.2.3',
    '1..2.3',
    '1.2.3.',
    '01.2.3.4',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.0/24',
    '::1.2.3.4',
    '1.2.3.x',
    ' 1.2.3.4',
  ];

  assert.equal(
    others.map((text) => parseIpv4(text)),
    others.map(() => undefined),
  );
});

ipv4('bytes are read as the text is', () => {
  const text = fc.oneof(fc.ipV4(), fc.stringMatching(/^[0-9./ a]{0,16}$/));

  fc.assert(
    fc.property(text, (ip) => {
      assert.is(readIpv4(Buffer.from(`9${ip}9`), 1, ip.length + 1), parseIpv4(ip), ip);
    }),
  );
});

function bitsOf(ip: string): number {
  return new DataView(Uint8Array.from(ip.split('.').map(Number)).buffer).getInt32(0);
}

ipv4.run();
