import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callerOf } from '../../../src/cli/policy/caller.ts';

const test = suite('who gave a command');

test('is who became root for it, where that can be the name of an account', () => {
  assert.equal(
    [{}, { SUDO_USER: 'anna' }, { DOAS_USER: 'b@example.net' }, { SUDO_USER: 'a\nb' }].map(callerOf),
    ['root', 'anna', 'b@example.net', 'root'],
  );
});

test.run();
