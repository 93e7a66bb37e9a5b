import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FORMATS, openParser } from '../../../src/lists/formats/format.ts';

const format = suite('a format');

for (const name of FORMATS)
  format(`${name} has a parser, to which an empty line is nothing`, () => {
    assert.is(openParser(name)(''), 'nothing');
  });

format.run();
