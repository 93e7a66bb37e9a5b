import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { recognise } from '../../../src/lists/formats/recognise.ts';

const recognising = suite('the format of a list');

recognising('is plain where a line names an address, or where there is none', () => {
  assert.is(recognise(['# mine', 'a heading', '203.0.113.7']), 'plain');
  assert.is(recognise(['# none', '']), 'plain');
  assert.is(recognise([]), 'plain');
});

recognising('is not found where no line is of any', () => {
  assert.is(recognise(['<html>', 'example.org']), undefined);
});

recognising.run();
