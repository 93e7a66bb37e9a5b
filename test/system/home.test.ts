import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HOME } from '../../src/system/home.ts';

const test = suite('the home of the program');

test('is where all that comes with it stands', () => {
  for (const name of ['package.json', 'state/policy.yaml', 'action.d/banspool-receive'])
    assert.ok(existsSync(join(HOME, name)), name);
});

test.run();
