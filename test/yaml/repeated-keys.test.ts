import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mistakesOf } from './mistakes-of.ts';

const document = suite('keys that stand twice');

document('a key that stands twice is told with the place of the first', () => {
  const join = 'merge the two, or remove one';
  const cases = {
    'name: a\nlist: []\n\nname: b\n': [`4:1 name is repeated; it is already at line 1: ${join}`],
    'name: a\n"name": b\nname: c\n': [
      `2:1 name is repeated; it is already at line 1: ${join}`,
      `3:1 name is repeated; it is already at line 1: ${join}`,
    ],
    'list:\n  - { net: a, net: b }\n': [`2:15 net is repeated; it is already in this line: ${join}`],
    'list:\n  - net: a\n    note: x\n    net: b\n': [`4:5 net is repeated; it is already at line 2: ${join}`],
    '? name\n: a\n? name\n: b\n': [`3:3 name is repeated; it is already at line 1: ${join}`],
  };

  for (const [text, mistakes] of Object.entries(cases)) assert.equal(mistakesOf(text), mistakes, text);
});

document.run();
