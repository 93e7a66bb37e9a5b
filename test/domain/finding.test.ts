import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { about } from '../../src/domain/finding.ts';

const test = suite('a finding');

test('says what it is about', () => {
  const bad = { level: 'bad', what: 'git is not installed', mend: 'apt install git' } as const;

  assert.equal(about('git', [bad]), [{ ...bad, subject: 'git' }]);
});

test.run();
