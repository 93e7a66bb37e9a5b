import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Given, HANDED_OVER } from '../../src/system/given.ts';
import { isUserNamespace } from '../support/namespaces.ts';

const test = suite('what a person names');

const MODULE = join(import.meta.dirname, '../../src/system/given.js');

/** Tells what it finds under each name, by itself or handed over. */
const READ = `
  const { Given } = await import(process.argv[1]);
  const given = new Given(process.env);
  for (const name of ['policy', 'none', 'config'])
    console.log(JSON.stringify(await given.read(name, async () => 'found by itself')));`;

test('is found by who acts as another as root has read it', async () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  const roots = new Given({});
  assert.is(await roots.read('policy', () => Promise.resolve('of root')), 'of root');
  assert.is(await roots.read('none', () => Promise.resolve(undefined)), undefined);

  const node = [process.execPath, '--input-type=module', '-e', READ, MODULE];
  const { stdout, stderr } = spawnSync('setpriv', ['--euid', '65534', ...node], {
    input: roots.handOver(),
    env: { ...process.env, [HANDED_OVER]: '1' },
    encoding: 'utf8',
  });

  assert.is(stdout, '"of root"\nundefined\n"found by itself"\n', stderr);
});

test('is believed of no environment alone: who acts as himself reads it himself', async () => {
  const given = new Given({ [HANDED_OVER]: '1' });

  assert.is(await given.read('policy', () => Promise.resolve('his own')), 'his own');
});

test.run();
