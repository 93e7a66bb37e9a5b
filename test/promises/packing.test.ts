/** The history is packed beside the passes, and whatever happens to that, nothing of it is lost. */
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { Packer } from '../../src/daemon/packer.ts';
import type { StartBackground } from '../../src/system/processes/background.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { lengthenHistory } from '../support/long-history.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('packing the history');

/** Enough loose objects for a slice, and for git to have some work. */
async function sandboxWithHistory(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  await lengthenHistory(sandbox.state, { commits: 2_000, lines: 20 });
  return sandbox;
}

async function loose(sandbox: Sandbox): Promise<number> {
  return Number((await sandbox.git('count-objects')).split(' ')[0]);
}

async function assertWhole(sandbox: Sandbox, commit: string): Promise<void> {
  await sandbox.git('fsck', '--strict');
  assert.is((await sandbox.git('merge-base', 'HEAD', commit)).trim(), commit);
  assert.is(await sandbox.git('status', '--porcelain'), '');
}

async function head(sandbox: Sandbox): Promise<string> {
  return (await sandbox.git('rev-parse', 'HEAD')).trim();
}

test('is done by the controller, which goes on with its passes, and loses nothing', async () => {
  await using sandbox = await sandboxWithHistory();
  const before = await head(sandbox);
  sandbox.drop('web1', banText('198.51.100.7'));

  await sandbox.startController();
  await untilDropped('198.51.100.7', 20_000);
  sandbox.drop('web1', banText('198.51.100.8'));
  await untilDropped('198.51.100.8', 20_000);

  await eventually(async () => {
    assert.ok((await loose(sandbox)) < 100);
  }, 60_000);
  await eventually(() => assertWhole(sandbox, before));
  assert.match(await sandbox.git('log', '--format=%B', '-3'), '198.51.100.8');
});

test('is done after the pass of the timer too, and left alone at boot', async () => {
  await using sandbox = await sandboxWithHistory();
  const before = await head(sandbox);

  const atBoot = await sandbox.cli('reconcile', '--no-pack');
  const left = await loose(sandbox);
  const byTimer = await sandbox.cli('reconcile');

  assert.equal([atBoot.code, byTimer.code], [0, 0], byTimer.stderr);
  assert.ok(left > 1_000, String(left));
  assert.is(await loose(sandbox), 0);
  await assertWhole(sandbox, before);
});

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

test('that is killed with its controller leaves a whole history, which the next controller packs', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));
  await lengthenHistory(sandbox.state, { commits: 1_500, lines: 400 });
  const before = await head(sandbox);
  const first = await sandbox.startController();
  await eventually(() => {
    assert.ok(readdirSync(sandbox.folder).includes('state.pack.lock'));
  });
  first.process.kill('SIGKILL');
  await first.ended;
  await assertWhole(sandbox, before);
  const leaving = join(sandbox.state, '.git/objects/pack/tmp_pack_Ab12Cd');
  writeFileSync(leaving, 'half a pack');
  utimesSync(leaving, 1, 1);

  await sandbox.startController();

  await eventually(async () => {
    assert.ok((await loose(sandbox)) < 100);
    assert.not.ok(readdirSync(sandbox.folder).includes('state.pack.lock'));
  }, 120_000);
  await assertWhole(sandbox, before);
  const left = readdirSync(join(sandbox.state, '.git/objects/pack')).filter((name) =>
    name.startsWith('tmp_pack_Ab'),
  );
  assert.equal(left, []);
});

test.run();
