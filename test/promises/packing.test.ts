/** The history is packed beside the passes, and whatever happens to that, nothing of it is lost. */
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { banText } from '../support/intent-text.ts';
import { lengthenHistory, sandboxWithHistory } from '../support/long-history.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('packing the history');

/** Packing gives way to all else on the machine. */
const PACKED_MS = 400_000;

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
  }, PACKED_MS);
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
  }, PACKED_MS);
  await assertWhole(sandbox, before);
  const left = readdirSync(join(sandbox.state, '.git/objects/pack')).filter((name) =>
    name.startsWith('tmp_pack_Ab'),
  );
  assert.equal(left, []);
});

test.run();
