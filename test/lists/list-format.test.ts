import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIST_FORMATS } from '../../src/lists/list-format.ts';
import { LIST_KEYS } from '../../src/policy/policy-keys.ts';

const formats = suite('the formats of lists');

formats('are those that the manual names', () => {
  for (const format of LIST_FORMATS) assert.match(LIST_KEYS.format.meaning, `\`${format}\``);
});

formats.run();
