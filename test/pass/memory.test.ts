import { rmSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { forgetIfTold, freshMemory } from '../../src/pass/memory.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const memories = suite('the memory of passes');

memories(
  'stays until somebody says that the state is to begin anew, and forgets only what is of the state',
  async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    sandbox.drop('web1', banText('198.51.100.7'));
    await makePass(world, memory);
    const { ledger, spool, firewall } = memory;
    await forgetIfTold(world, memory);
    const before = memory.ledger;
    rmSync(sandbox.state, { recursive: true });
    await forgetIfTold(world, memory);
    const vanished = memory.ledger;
    await ledger.mark.forget([]);

    await forgetIfTold(world, memory);

    assert.ok(before === ledger && vanished === ledger);
    assert.is.not(memory.ledger, ledger);
    assert.equal([memory.ledger.state.shards.size, ledger.state.shards.size], [0, 1]);
    assert.ok(memory.spool === spool && memory.firewall === firewall);
  },
);

memories('of a process that has not begun a state yet stays', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const { ledger } = memory;

  await forgetIfTold(world, memory);

  assert.ok(memory.ledger === ledger);
});

memories.run();
