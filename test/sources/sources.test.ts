/** A source that is added to the list counts for passes and for every command, and keeps what it gives to itself. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Source } from '../../src/sources/source.ts';
import { Sources } from '../../src/sources/sources.ts';
import { buildWith } from '../support/build-with.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped } from '../support/until-dropped.ts';
import { openSources } from './address-list.ts';

const sources = suite('a source that gives claims');

const ROOT = join(import.meta.dirname, '../../..');

/** The program with the list in its list of sources. */
const programWithList = (sandbox: Sandbox): Promise<string> =>
  buildWith(sandbox, {
    module: /\/open-sources\.ts$/,
    asImportedIn: 'src/pass',
    instead: join(ROOT, 'test/sources/address-list.ts'),
  });

/** As who makes lists is to write them: whole. */
function writeList({ folder }: Sandbox, ...addresses: readonly string[]): void {
  writeFileSync(join(folder, 'blocked.tmp'), addresses.map((address) => `${address}\n`).join(''));
  renameSync(join(folder, 'blocked.tmp'), join(folder, 'blocked.txt'));
}

/** What the list has dropped, of both families. */
async function listed(): Promise<readonly string[]> {
  const rules = [...(await iptablesRules()), ...(await iptablesRules({ family: 'ipv6' }))];
  return rules.flatMap(
    (rule) => /^-A fail2ban-blocklist -s (\S+)\/(?:32|128) -j DROP$/.exec(rule)?.[1] ?? [],
  );
}

sources('is known to every command, and to none of the state and git', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.program = await programWithList(sandbox);
  writeList(sandbox, '203.0.113.9', '2001:db8::9');
  sandbox.drop('web1', banText('203.0.113.7'));

  const planned = await sandbox.cli('plan', '--json');
  const reconciled = await sandbox.cli('reconcile');
  const list = await sandbox.cli('list', '--json');
  const why = await sandbox.cli('why', '203.0.113.9');
  const again = await sandbox.cli('plan');

  assert.match(planned.stdout, '"text": "blocklist claims it until unbanned"');
  assert.is(reconciled.code, 0);
  assert.equal([await listed(), await isDropped('203.0.113.7')], [['203.0.113.9', '2001:db8::9'], true]);
  const { bans } = JSON.parse(list.stdout) as { bans: { ip: string; jail: string }[] };
  assert.equal(
    bans.map(({ ip, jail }) => `${ip} ${jail}`),
    ['203.0.113.7 sshd', '203.0.113.9 blocklist', '2001:db8::9 blocklist'],
  );
  assert.match(why.stdout, /^203\.0\.113\.9 is dropped/);
  assert.match(why.stdout, '203.0.113.9 in blocklist (all ports): blocklist claims it until unbanned');
  assert.is(again.code, 0);
  assert.equal([sandbox.status().bans, sandbox.status().claims], [3, 3]);
  const kept = await runProgram(['grep', '-rlE', '203\\.0\\.113\\.9|2001:db8::9|blocklist', sandbox.state]);
  assert.equal([kept.stdout, await sandbox.git('log', '--format=%B', '-S', '203.0.113.9')], ['', '']);
});

sources('is let by where the policy allows it, and lifted by no unban', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.program = await programWithList(sandbox);
  writeList(sandbox, '203.0.113.9', '198.51.100.9');
  sandbox.writePolicy('allow:\n  - { net: 198.51.100.0/24 }\n');
  await sandbox.cli('reconcile');

  const unban = await sandbox.cli('unban', '203.0.113.9');
  await sandbox.cli('reconcile');

  assert.is(unban.code, 1);
  assert.match(unban.stderr, 'blocklist claims it until unbanned');
  assert.equal(await listed(), ['203.0.113.9']);
});

sources(
  'ends what it does not give any more, with no commit, and nothing of what servers claim',
  async () => {
    await using sandbox = await Sandbox.open();
    const world = worldOf(sandbox);
    const memory = freshMemory(world, openSources);
    writeList(sandbox, '203.0.113.7', '203.0.113.9', '198.51.100.9');
    sandbox.drop('web1', banText('203.0.113.7'));
    await makePass(world, memory);
    const commit = await sandbox.git('rev-parse', 'HEAD');
    writeList(sandbox, '198.51.100.9');

    const pass = await makePass(world, memory, 'quick');

    assert.equal([await listed(), await isDropped('203.0.113.7')], [['198.51.100.9'], true]);
    assert.equal([pass.claimChanges, pass.drift.flatMap(({ changes }) => changes)], [[], []]);
    assert.is(await sandbox.git('rev-parse', 'HEAD'), commit);
  },
);

sources('is no drift where another process enforced what it gave since', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world, openSources);
  writeList(sandbox, '203.0.113.9');
  await makePass(world, memory);
  writeList(sandbox, '203.0.113.9', '203.0.113.8');
  await makePass(world, freshMemory(world, openSources));

  const pass = await makePass(world, memory, 'quick');

  assert.equal([...(await listed())].sort(), ['203.0.113.8', '203.0.113.9']);
  const { changes, drift } = pass;
  assert.equal(
    [...changes, ...drift].flatMap((family) => family.changes),
    [],
  );
});

sources('that cannot be read ends nothing, and is told of', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const memory = freshMemory(world, openSources);
  writeList(sandbox, '203.0.113.9');
  await makePass(world, memory);
  const path = join(sandbox.folder, 'blocked.txt');
  rmSync(path);
  mkdirSync(path);

  const { problems } = await makePass(world, memory);

  assert.equal(await listed(), ['203.0.113.9']);
  assert.equal(
    problems.map(({ reason }) => reason),
    ['Forbidden'],
  );
});

sources('that cannot be read when a process starts goes on from what an earlier one read', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  writeList(sandbox, '203.0.113.9');
  await makePass(world, freshMemory(world, openSources));
  const path = join(sandbox.folder, 'blocked.txt');
  rmSync(path);
  mkdirSync(path);

  const { problems } = await makePass(world, freshMemory(world, openSources));

  assert.equal(await listed(), ['203.0.113.9']);
  assert.equal(
    problems.map(({ reason }) => reason),
    ['Forbidden'],
  );
});

sources('has the daemon make a pass when it has news', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.program = await programWithList(sandbox);
  await sandbox.startController();

  writeList(sandbox, '203.0.113.9');

  await eventually(async () => {
    assert.equal(await listed(), ['203.0.113.9']);
  });
});

sources('are new together where one of them gives something else, and not at first', async () => {
  const none: Source = {};
  let regions = new Map();
  const giving: Source = { give: () => Promise.resolve(regions) };
  const all = new Sources([none, giving]);

  const first = await all.give();
  const same = await all.give();
  regions = new Map();
  const other = await all.give();
  const still = await all.give();

  assert.equal(
    [first, same, other, still].map(({ isNew }) => isNew),
    [false, false, true, false],
  );
  assert.equal(other.given, [regions]);
});

sources.run();
