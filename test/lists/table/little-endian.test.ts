import { endianness } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LITTLE_ENDIAN } from '../../../src/lists/table/little-endian.ts';

const order = suite('the order of bytes');

order('is what the system says', () => {
  assert.is(LITTLE_ENDIAN, endianness() === 'LE');
});

order.run();
