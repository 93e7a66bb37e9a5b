import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fill } from '../../../src/cli/manual/fill.ts';

const test = suite('fill');

test('writes each part anew, and leaves what stands around it', () => {
  const page = [
    '# A page',
    '<!-- manual: keys config -->',
    'old',
    '',
    'old',
    '<!-- end -->',
    'By hand, with $1 and <!-- manual: one --> in it.',
    '<!-- manual: name ban -->',
    '<!-- end -->',
    '',
  ];

  const filled = fill(page.join('\n'), (words) => `$& ${words}`);

  assert.equal(filled.split('\n'), [
    '# A page',
    '<!-- manual: keys config -->',
    '$& keys config',
    '<!-- end -->',
    'By hand, with $1 and <!-- manual: one --> in it.',
    '<!-- manual: name ban -->',
    '$& name ban',
    '<!-- end -->',
    '',
  ]);
});

test('says which part does not end', () => {
  const page = '<!-- manual: name ban -->\n<!-- manual: name unban -->\n<!-- end -->\n';

  assert.throws(() => fill(page, String), 'the part name ban does not end');
  assert.throws(() => fill('<!-- manual: name ban -->\ntext\n', String), 'the part name ban does not end');
});

test.run();
