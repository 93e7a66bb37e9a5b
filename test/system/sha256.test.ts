import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sha256 } from '../../src/system/sha256.ts';

const sums = suite('the SHA-256');

// FIPS 180-2, appendix B.1.
const OF_ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

sums('of a text, and of the same bytes, is in hex as the standard has it', () => {
  assert.is(sha256('abc'), OF_ABC);
  assert.is(sha256(Buffer.from('abc')), OF_ABC);
});

sums.run();
