import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decoded } from '../../src/lists/decoded.ts';

const decoding = suite('the text of bytes');

decoding('is what UTF-8 says', () => {
  const bytes = Buffer.from('Müller – 203.0.113.7').toString('latin1');

  assert.is(decoded(bytes), 'Müller – 203.0.113.7');
  assert.is(decoded('plain'), 'plain');
});

decoding('has a mark where it is no UTF-8', () => {
  assert.is(decoded('M\xfcller'), 'M�ller');
});

decoding.run();
