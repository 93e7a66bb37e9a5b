import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Reporter } from '../../src/report/reporter.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { Chronicle } from '../../src/status/chronicle.ts';
import { reportPath } from '../../src/report/report-path.ts';
import { eventually } from '../support/eventually.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';
import { textOf } from './text-of.ts';

const test = suite('the reporter');

test('writes the page of a controller, for its owner and his group', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.startController();
  await untilDropped('198.51.100.7');
  const path = join(sandbox.folder, 'report/index.html');

  const page = await eventually(() => readFileSync(path, 'utf8'));

  assert.match(textOf({ text: page }), /All is well: the firewall holds .*Last check: \d{4}-/);
  assert.match(page, /data-renewed="1"/);
  assert.is(statSync(path).mode & 0o777, 0o640);
});

async function openReporter(
  sandbox: Sandbox,
  isPassing: () => boolean,
  errors: string[] = [],
): Promise<Reporter> {
  const log = { error: (text: string) => errors.push(text), warn: () => undefined, info: () => undefined };
  const world = worldOf(sandbox, { log });
  const memory = freshMemory(world);
  await makePass(world, memory);
  return new Reporter(world, memory, { chronicle: new Chronicle(world, memory), isPassing });
}

test('waits while a pass is under way, and writes one page a minute', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  let isPassing = true;
  const reporter = await openReporter(sandbox, () => isPassing);
  const path = reportPath(worldOf(sandbox).config);

  reporter.consider();
  // It loads what makes pages, and comes to its first turn.
  await import('../../src/report/gather.ts');
  const early = existsSync(path);
  isPassing = false;
  await eventually(() => {
    assert.ok(existsSync(path));
  });
  rmSync(path);
  reporter.consider();
  await reporter.stop();

  assert.not.ok(early);
  assert.not.ok(existsSync(path));
});

test('gives up a page that is no longer wanted, and says once that it cannot be written', async () => {
  await using sandbox = await Sandbox.open();
  const stopped = await openReporter(sandbox, () => true);
  stopped.consider();
  await stopped.stop();
  const path = reportPath(worldOf(sandbox).config);
  assert.not.ok(existsSync(path));

  writeFileSync(join(sandbox.folder, 'report'), 'no folder');
  const errors: string[] = [];
  const failing = await openReporter(sandbox, () => false, errors);
  failing.consider();
  await eventually(() => {
    assert.match(errors.join('\n'), /cannot write .*report\/index\.html/);
  });
  await failing.stop();
});

test.run();
