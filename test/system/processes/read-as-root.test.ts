import { writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readAsRoot } from '../../../src/system/processes/read-as-root.ts';
import { askAsNobody } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('what only root may read');

test('is read by root as it acts as nobody, too', async () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  writeFileSync('/run/of-root', 'of root', { mode: 0o600 });

  const said = await askAsNobody({
    module: 'system/processes/read-as-root.js',
    expression: `(async () => {
      const { run } = await import(new URL('run.js', path));
      const missing = await module.readAsRoot('/run/none', run).catch(({ code }) => code);
      return [await module.readAsRoot('/run/of-root', run), missing];
    })()`,
  });

  assert.equal(said, ['of root', 'ENOENT']);
});

test('is read without any program by root itself', async () => {
  const none = (): Promise<never> => Promise.reject(new Error('a program was started'));

  assert.match(await readAsRoot('/proc/self/status', none), /^Name:/);
});

test.run();
