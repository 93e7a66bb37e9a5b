import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mistakesOf } from './mistakes-of.ts';

const document = suite('a value with more below it');

document('a value of nothing with entries below it is told to go', () => {
  const cases = {
    'list: []\n  - { net: a }\n': '1:7 list: [] is empty, but line 2 adds to it: remove the []',
    'list: []\n- net: a\n': '1:7 list: [] is empty, but line 2 adds to it: remove the []',
    'name: a\nlist: [ ] # nobody\n\n  # but her\n  - net: a\n    note: b\n':
      '2:7 list: [ ] is empty, but line 5 adds to it: remove the [ ]',
    'list: []\r\n  - net: a\r\n': '1:7 list: [] is empty, but line 2 adds to it: remove the []',
    'list: null\n  - net: a\n': '1:7 list: null is empty, but line 2 adds to it: remove the null',
    'list: none\n  - { net: a }\n': '1:7 list: none is empty, but line 2 adds to it: remove the none',
    'name:\n  first: {}\n    of: a\n': '2:10 first: {} is empty, but line 3 adds to it: remove the {}',
    '[]\n- { net: a }\n- { net: b }\n': '1:1 [] is empty, but line 2 adds to it: remove the []',
    'list: [{ net: a }]\n  - { net: b }\n':
      '1:7 the value of list ends here with ], but line 2 adds to it: move that line into the brackets',
  };

  for (const [text, mistake] of Object.entries(cases)) assert.equal(mistakesOf(text), [mistake], text);
});

document('a value of nothing that has nothing below it is none of these', () => {
  for (const text of [
    'list: []\nname: a\n',
    'list: []\n',
    'list: []\n# - net: a\n',
    'name: |\n  list: []\n    - a\n',
  ])
    assert.equal(mistakesOf(text), [], text);
});

document.run();
