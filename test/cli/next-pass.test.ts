import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findRunning, nextPassText, warnIfNoPass } from '../../src/cli/next-pass.ts';
import { statusPath } from '../../src/status/chronicle.ts';
import { ownIdentity, type ProcessIdentity } from '../../src/system/processes/process-identity.ts';
import type { World } from '../../src/world/world.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('the next pass');

/** What an operator is told, where the last word of that controller stands in status.json. */
function toldWith(world: World, controller: ProcessIdentity): readonly [text: string, warning: string] {
  const path = statusPath(world.config);
  const record = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...record, controller }));
  return told(world);
}

function told(world: World): readonly [text: string, warning: string] {
  const io = new HeardIo();
  warnIfNoPass(world, io);
  return [nextPassText(world, 'enforces it'), io.stderr];
}

test('is promised only where somebody makes passes, or did until just now', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const self = ownIdentity();

  const never = told(world);
  await sandbox.cli('reconcile');
  const single = told(world);
  const late = told({ ...world, now: () => Date.now() + 2 * world.config.interval });
  const lives = toldWith(world, self);
  const [killed] = toldWith(world, { ...self, started: '1' });

  const text = 'no pass is due: no pass has been recorded; fix: systemctl start banspool';
  assert.equal(never, [text, `banspool: warning: ${text}\n`]);
  for (const promised of [single, lives]) assert.equal(promised, ['the next pass enforces it', '']);
  assert.match(
    late[0],
    /^no pass is due: the last report of the controller was written .*, but a pass is due every 3600 s$/,
  );
  assert.match(killed, `no pass is due: the controller (pid ${self.pid}) was killed or crashed`);
  assert.is(findRunning(world).reason, 'Ended');
});

test.run();
