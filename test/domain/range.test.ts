import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netsOfRange } from '../../src/domain/range.ts';

const range = suite('a range of addresses');

for (const [text, nets] of [
  ['203.0.113.7-203.0.113.7', ['203.0.113.7']],
  ['203.0.113.7-203.0.113.16', ['203.0.113.7', '203.0.113.8/29', '203.0.113.16']],
  ['0.0.0.0-255.255.255.255', ['0.0.0.0/0']],
  ['192.0.2.255-192.0.3.0', ['192.0.2.255', '192.0.3.0']],
  ['2001:db8::-2001:db8::1:ffff', ['2001:db8::/111']],
  ['203.0.113.9-203.0.113.7', []],
  ['203.0.113.7', []],
  ['203.0.113.7-2001:db8::1', []],
  ['', []],
] as const)
  range(`is ${nets.join(', ') || 'nothing'} for ${text || 'no text'}`, () => {
    assert.equal(
      netsOfRange(text).map((net) => net.text),
      [...nets],
    );
  });

range.run();
