import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusPath } from '../../src/status/chronicle.ts';
import { findStatus, hasControllerEnded } from '../../src/status/find-status.ts';
import { ownIdentity } from '../../src/system/processes/process-identity.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the status that is found');

const OPTIONS = { seen: [], countingMs: 60_000 };

test('tells what waits, what the caller saw, and a controller whose process is gone', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const never = findStatus(world, OPTIONS);
  await sandbox.cli('reconcile');
  const record = JSON.parse(readFileSync(statusPath(world.config), 'utf8')) as Record<string, unknown>;
  const controller = { ...ownIdentity(), started: '1' };
  writeFileSync(statusPath(world.config), JSON.stringify({ ...record, controller }));
  mkdirSync(join(sandbox.spool, 'web1'), { recursive: true });
  writeFileSync(join(sandbox.spool, 'web1', '1-1-1.yaml'), '');
  const seen = [{ type: 'SavedRulesLoad', status: 'False' as const, reason: 'SetMissing', message: 'none' }];

  const found = findStatus(world, { ...OPTIONS, seen });

  const wrong = found.status.conditions.filter(({ status }) => status === 'False');
  assert.is(never.record, undefined);
  assert.is(found.record?.controller?.started, '1');
  assert.equal(
    wrong.map(({ type, reason }) => [type, reason]),
    [
      ['ControllerRunning', 'Ended'],
      ['SavedRulesLoad', 'SetMissing'],
    ],
  );
  assert.equal([found.status.converged, found.status.waiting], [false, 1]);
});

test('knows of no end where there was no controller, or where it lives', () => {
  const self = ownIdentity();
  const record = { controller: self } as Parameters<typeof hasControllerEnded>[0];

  assert.not(hasControllerEnded(undefined));
  assert.not(hasControllerEnded(record));
});

test.run();
