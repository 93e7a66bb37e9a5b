import { chmodSync, mkdtempSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { access } from '../../../src/system/files/access.ts';
import { askAsNobody } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('access');

test('tells a folder that is missing from one on a disk that cannot be written', () => {
  // Of the machine's own folders nothing can be written in here.
  assert.equal(
    [access('/run/none', 'read'), access('/usr', 'write'), access('/usr', 'read'), access('/run', 'write')],
    ['missing', 'read-only', 'allowed', 'allowed'],
  );
});

for (const [mode, allowed] of [
  [0o700, []],
  [0o711, ['enter']],
  [0o755, ['read', 'open', 'enter']],
  [0o777, ['read', 'write', 'open', 'enter']],
] as const) {
  test(`of root as it acts as nobody is nobody's, to a folder of mode ${mode.toString(8)}`, async () => {
    // There is one user in a user namespace.
    if (isUserNamespace()) return;
    const folder = mkdtempSync('/run/access-');
    chmodSync(folder, mode);

    const said = await askAsNobody({
      module: 'system/files/access.js',
      expression: `['read', 'write', 'open', 'enter'].filter((use) => module.access(words[0], use) === 'allowed')`,
      words: [folder],
    });

    assert.equal(said, allowed);
  });
}

test.run();
