import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const reconciling = suite('a pass');

reconciling(
  'takes in what waits, enforces and commits it, and the next one finds nothing to do',
  async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    sandbox.drop('web1', banText('198.51.100.7'));
    sandbox.drop('web1', 'intent: nonsense\n...\n');

    const pass = await makePass(world, memory);
    const next = await makePass(world, memory);

    assert.equal([pass.problems, pass.intents, pass.refused.length, pass.bans], [[], 1, 1, 1]);
    assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'));
    assert.equal([sandbox.waiting(), await sandbox.git('status', '--porcelain')], [[], '']);
    assert.equal(
      [next.intents, next.changes.flatMap(({ changes }) => changes), next.claimChanges],
      [0, [], []],
    );
  },
);

reconciling('keeps its intents in the spool where the state cannot be saved, and enforces them', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  sandbox.drop('web1', banText('198.51.100.7'));
  const { files } = worldOf(sandbox);
  const write: typeof files.write = async (path, text) => {
    if (path.includes('claims/')) throw new BanspoolError('io', 'no space left on device');
    return files.write(path, text);
  };

  const pass = await makePass(worldOf(sandbox, { files: { ...files, write } }));

  assert.equal(
    pass.problems.map(({ condition }) => condition),
    ['StateSaved'],
  );
  assert.equal([pass.bans, pass.claimChanges, sandbox.waiting().length], [1, [], 1]);
  assert.ok((await iptablesRules()).includes('-A fail2ban-sshd -s 198.51.100.7/32 -j DROP'));
});

reconciling.run();
