import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePlain } from '../../../src/lists/formats/plain.ts';
import { rangeText } from '../../../src/lists/range.ts';

const plain = suite('a line of a plain list');

for (const [line, range, reason] of [
  ['203.0.113.7', '203.0.113.7', undefined],
  ['  203.0.113.7  ', '203.0.113.7', undefined],
  ['203.0.113.0/24 ; SBL256894', '203.0.113.0/24', 'SBL256894'],
  ['203.0.113.7 # lfd: (sshd) # twice', '203.0.113.7', 'lfd: (sshd) # twice'],
  ['203.0.113.7#', '203.0.113.7', undefined],
  ['203.0.113.7-203.0.113.9', '203.0.113.7-203.0.113.9', undefined],
  ['203.0.113.7 - 203.0.113.9 # both', '203.0.113.7-203.0.113.9', 'both'],
  ['2001:db8::/32', '2001:db8::/32', undefined],
  ['203.0.113.7\t9', '203.0.113.7', '9'],
  ['203.0.113.7 seen at web1', '203.0.113.7', 'seen at web1'],
] as const)
  plain(`"${line}" names ${range}${reason === undefined ? '' : `, and why: ${reason}`}`, () => {
    const entry = parsePlain(line);

    assert.type(entry, 'object');
    if (typeof entry !== 'object') return;
    assert.is(rangeText(entry), range);
    assert.is(entry.details?.reason, reason);
  });

for (const line of ['', '   ', '# 203.0.113.7', ';', '\t; 203.0.113.7'])
  plain(`"${line}" is nothing to read`, () => {
    assert.is(parsePlain(line), 'nothing');
  });

for (const line of [
  ...['example.org', '<html>', '203.0.113.0 255.255.255.0', '203.0.113.7 203.0.113.9', '203.0.113.7,9'],
  ...['203.0.113.7 2001:db8::7', 'x 203.0.113.7', '203.0.113.7\x00'],
])
  plain(`"${line}" is not understood`, () => {
    assert.is(parsePlain(line), 'unread');
  });

plain.run();
