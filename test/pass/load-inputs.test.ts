import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadInputs } from '../../src/pass/load-inputs.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const loading = suite('what a pass judges by');

loading('is the policy, the state, and what only this machine knows', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow: [{ net: 198.51.100.7 }]\n');
  const world = worldOf(sandbox, {
    ownAddresses: () => ['203.0.113.1'],
    servicesText: () => 'odd 1234/tcp\n',
  });

  const inputs = await loadInputs(freshMemory(world), { kind: 'full' });

  assert.equal([inputs.state.shards.size, inputs.policy.allow[0]?.net.text], [0, '198.51.100.7']);
  assert.equal(
    inputs.ownAddresses.map(({ text }) => text),
    ['203.0.113.1'],
  );
});

loading('is all but a damaged policy to who only looks, and nothing to a pass', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await sandbox.git('init', '--quiet', '--initial-branch=main');
  writeFileSync(join(sandbox.state, 'policy.yaml'), 'allow: [\n');
  const load = async (mayGuess: boolean): Promise<readonly unknown[]> => {
    const { problems } = await loadInputs(freshMemory(worldOf(sandbox)), { kind: 'full', mayGuess });
    return problems.map(({ condition }) => condition);
  };

  const failure = await load(false).catch((error: unknown) => error);

  assert.match(String(failure), 'policy.yaml line');
  assert.ok((await load(true)).includes('PolicyValid'));
});

loading.run();
