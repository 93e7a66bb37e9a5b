import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Exporter } from '../../src/exports/exporter.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { eventually } from '../support/eventually.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('the exporter');

const POLICY = 'exports: [{ file: bans.txt, format: plain }]\n';

test('writes what a controller drops, for everybody to read, and again when something else is dropped', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(POLICY);
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.startController();
  await untilDropped('198.51.100.7');
  const path = join(sandbox.folder, 'exports/bans.txt');
  const first = await eventually(() => readFileSync(path, 'utf8'));
  await eventually(() => {
    assert.is(sandbox.status().exports.length, 1);
  });
  const [seen] = sandbox.status().exports;
  const { stdout } = await sandbox.cli('status');

  sandbox.drop('web1', banText('198.51.100.8'));

  await eventually(() => {
    assert.is(readFileSync(path, 'utf8'), '198.51.100.7\n198.51.100.8\n');
  });
  assert.is(first, '198.51.100.7\n');
  assert.is(statSync(path).mode & 0o777, 0o644);
  assert.equal({ ...seen, changedAt: '' }, EXPORT);
  assert.match(stdout, /^export {6}bans\.txt \(plain\): 1 entry, changed .+$/m);
});

const EXPORT = { file: 'bans.txt', format: 'plain', entries: 1, bytes: 13, changedAt: '', problem: null };

interface Opened {
  readonly exporter: Exporter;
  readonly pass: () => Promise<unknown>;
  /** Considers it, and waits until exports were written. */
  readonly write: () => Promise<void>;
  readonly isWritten: () => boolean;
}

/** After a pass. */
async function open(sandbox: Sandbox, isPassing = (): boolean => false): Promise<Opened> {
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  await makePass(world, memory);
  let count = 0;
  const exporter = new Exporter(world, memory, { isPassing, written: () => (count += 1) });
  return {
    exporter,
    pass: () => makePass(world, memory),
    write: async () => {
      const before = count;
      exporter.consider();
      await eventually(() => {
        assert.ok(count > before);
      });
    },
    isWritten: () => count > 0,
  };
}

async function sandboxWith(policy: string, config: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const sandbox = await Sandbox.open({ config });
  sandbox.writePolicy(policy);
  sandbox.drop('web1', banText('198.51.100.7'));
  return sandbox;
}

test('keeps files in a later life as they are, and loses those that the policy has no more', async () => {
  await using sandbox = await sandboxWith(`exports: [${ONE}, { file: more.txt, format: csv }]\n`);
  const first = await open(sandbox);
  await first.write();
  await first.exporter.stop();
  const folder = join(sandbox.folder, 'exports');
  utimesSync(join(folder, 'bans.txt'), 1, 1);
  writeFileSync(join(folder, 'of-a-person'), '');
  sandbox.writePolicy(POLICY);

  const second = await open(sandbox);
  await second.write();
  await second.exporter.stop();
  const kept = [readdirSync(folder).sort(), statSync(join(folder, 'bans.txt')).mtimeMs];
  sandbox.writePolicy('{}\n');
  const third = await open(sandbox);
  third.exporter.consider();
  await third.exporter.stop();

  assert.equal(kept, [['.written-by-banspool', 'bans.txt', 'of-a-person'], 1_000]);
  assert.equal(readdirSync(folder).sort(), ['.written-by-banspool', 'of-a-person']);
});

const ONE = '{ file: bans.txt, format: plain }';

test('waits while a pass is under way, and gives up what is no longer wanted', async () => {
  await using sandbox = await sandboxWith(POLICY);
  const { exporter, isWritten } = await open(sandbox, () => true);

  exporter.consider();
  await import('../../src/exports/write-exports.ts');
  await exporter.stop();
  exporter.consider();

  assert.not.ok(isWritten());
  assert.not.ok(existsSync(join(sandbox.folder, 'exports/bans.txt')));
});

test('makes no folder where nothing is exported', async () => {
  await using sandbox = await sandboxWith('{}\n');
  const { exporter, isWritten } = await open(sandbox);

  exporter.consider();
  await exporter.stop();

  assert.not.ok(isWritten());
  assert.not.ok(existsSync(join(sandbox.folder, 'exports')));
});

test('says what it cannot write', async () => {
  await using sandbox = await sandboxWith(POLICY);
  writeFileSync(join(sandbox.folder, 'exports'), 'no folder');
  const { exporter, write } = await open(sandbox);

  await write();

  assert.match(exporter.problem?.message ?? '', /exports/);
  assert.is(exporter.problem?.reason, 'WriteFailed');
  await exporter.stop();
});

test('writes that nobody is dropped where everything is only observed', async () => {
  await using sandbox = await sandboxWith(POLICY, { mode: 'observe' });
  const { exporter, write } = await open(sandbox);

  await write();
  await exporter.stop();

  assert.is(readFileSync(join(sandbox.folder, 'exports/bans.txt'), 'utf8'), '');
});

test.run();
