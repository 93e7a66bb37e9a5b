import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mistakesOf } from './mistakes-of.ts';

const document = suite('merge conflicts');

document('a merge conflict is told as one, with its place, and nothing else is', () => {
  const keep = 'keep the lines that you want, and remove those that begin with <<<<<<<, ======= and >>>>>>>';
  const sides = '<<<<<<< HEAD\n  - { net: b }\n=======\n  - { net: c }\n>>>>>>> 1a2b3c4 (Deny: c)\n';
  const left = 'is left over from a git merge conflict: remove it';
  const cases = {
    [`list:\n  - { net: a }\n${sides}name: a\n`]: [
      `3:1 an unresolved git merge conflict, up to line 7: ${keep}`,
    ],
    [`list:\n${sides.replaceAll('\n', '\r\n')}`]: [
      `2:1 an unresolved git merge conflict, up to line 6: ${keep}`,
    ],
    [`list:\n${sides.replace('=======', '||||||| 5d6e7f8\n=======')}`]: [
      `2:1 an unresolved git merge conflict, up to line 7: ${keep}`,
    ],
    [`list:\n${sides}  - { net: d }\n${sides}`]: [
      `2:1 an unresolved git merge conflict, up to line 6: ${keep}`,
      `8:1 an unresolved git merge conflict, up to line 12: ${keep}`,
    ],
    'name: a\n=======\nlist: []\n': [`2:1 ======= ${left}`],
    'name: a\n>>>>>>> other\n': [`2:1 >>>>>>> ${left}`],
    'name: a\n<<<<<<< HEAD\nlist: []\n': [`2:1 <<<<<<< ${left}`],
    '=======\n': [`1:1 ======= ${left}`],
  };

  for (const [text, mistakes] of Object.entries(cases)) assert.equal(mistakesOf(text), mistakes, text);
});

document('what only looks like a line of a merge conflict is read', () => {
  assert.equal(mistakesOf('# =======\nname: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> other\n'), []);
});

document.run();
