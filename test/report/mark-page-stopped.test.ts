import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { markPageStopped } from '../../src/report/mark-page-stopped.ts';
import { eventually } from '../support/eventually.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { textOf } from './text-of.ts';

const test = suite('a page of a controller that was stopped');

test('says so', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'report/index.html');
  const controller = await sandbox.startController();
  const running = await eventually(() => readFileSync(path, 'utf8'));

  await controller.stop();

  const stopped = readFileSync(path, 'utf8');
  assert.not.match(textOf({ text: running }), /was stopped/);
  assert.match(
    textOf({ text: stopped }),
    /The controller was stopped at \d{4}-.* fix: systemctl start banspool/,
  );
  assert.match(stopped, /<html class="ended" /);
  assert.match(running, /<title>(?!Stopped)[A-Z][a-z ]+ – [^<]* – banspool<\/title>/);
  assert.match(stopped, /<title>Stopped – [^<]* – banspool<\/title>/);
});

test('need not be there', async () => {
  await using sandbox = await Sandbox.open();

  await markPageStopped(worldOf(sandbox));

  assert.not.ok(existsSync(join(sandbox.folder, 'report')));
});

test.run();
