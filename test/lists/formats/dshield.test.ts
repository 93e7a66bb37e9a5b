import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDshield } from '../../../src/lists/formats/dshield.ts';
import { exampleList, readList } from '../examples.ts';

const dshield = suite('a line of DShield');

dshield('names a net, whose it is and where', () => {
  assert.equal(readList(exampleList('block.txt')).told, [
    ['203.0.113.0/24', { reason: 'EXAMPLE-AS ,, RU' }],
    ['198.51.100.0/24', { reason: 'Example Networks SpA,, CL' }],
    ['192.0.2.0/24', undefined],
  ]);
});

dshield('may end behind the last address', () => {
  assert.is(
    readList('203.0.113.0\t203.0.113.9', { format: 'dshield' }).told[0]?.[0],
    '203.0.113.0-203.0.113.9',
  );
});

for (const line of ['', '# END', 'Start\tEnd\tNetmask\tAttacks', 'Start\tEnd\tNetblock'])
  dshield(`"${line}" is nothing to read`, () => {
    assert.is(parseDshield(line), 'nothing');
  });

for (const line of [
  ...['203.0.113.0\t203.0.113.255\t25\t7', '203.0.113.0\t203.0.113.255\tx', '203.0.113.9\t203.0.113.0\t24'],
  ...['203.0.113.7', '203.0.113.0/24\t203.0.113.255\t24', '<html>'],
])
  dshield(`"${line}" is not understood`, () => {
    assert.is(parseDshield(line), 'unread');
  });

dshield.run();
