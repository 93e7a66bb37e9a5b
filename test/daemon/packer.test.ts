import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Packer } from '../../src/daemon/packer.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import type { StartBackground } from '../../src/system/processes/background.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { sandboxWithHistory } from '../support/long-history.ts';
import { makePass, worldOf } from '../support/pass.ts';

const test = suite('packing the history');

test('holds no pass up, however long it takes, and is done once at a time', async () => {
  await using sandbox = await sandboxWithHistory();
  let started = 0;
  let end: (failure?: string) => void = () => undefined;
  const startBackground: StartBackground = () => {
    started += 1;
    const ended = new Promise<string | undefined>((resolve) => (end = resolve));
    return { ended, stop: () => undefined };
  };
  const world = worldOf(sandbox, { startBackground });
  const memory = freshMemory(world);
  const [packer, other] = [new Packer(world, memory.ledger), new Packer(world, memory.ledger)];

  await packer.consider();
  await packer.consider();
  await other.consider();
  sandbox.drop('web1', banText('198.51.100.7'));
  const pass = await makePass(world, memory);

  assert.is(started, 1);
  assert.is(other.problem, undefined);
  assert.equal(pass.problems, []);
  assert.ok((await iptablesRules()).some((rule) => rule.includes('198.51.100.7')));
  assert.match(await sandbox.git('log', '-1', '--format=%B'), '198.51.100.7');
  end();
  await packer.over();
});

test('that fails is told of, and not tried again at once', async () => {
  await using sandbox = await sandboxWithHistory();
  let started = 0;
  const startBackground: StartBackground = () => {
    started += 1;
    return { ended: Promise.resolve('out of memory'), stop: () => undefined };
  };
  const world = worldOf(sandbox, { startBackground });
  const packer = new Packer(world, freshMemory(world).ledger);

  await packer.consider();
  await packer.over();
  await packer.consider();

  assert.is(started, 1);
  assert.is(packer.problem?.condition, 'Committed');
  assert.match(packer.problem?.message ?? '', /the history cannot be packed: .*out of memory/);
});

test.run();
