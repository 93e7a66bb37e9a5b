import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIST_FORMATS } from '../../../src/lists/list-format.ts';
import { openParser } from '../../../src/lists/formats/open-parser.ts';

const format = suite('a format');

for (const name of LIST_FORMATS)
  format(`${name} has a parser, to which an empty line is nothing`, () => {
    assert.is(openParser(name)(''), 'nothing');
  });

format.run();
