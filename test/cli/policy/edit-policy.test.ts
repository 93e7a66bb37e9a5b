import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editPolicy } from '../../../src/cli/policy/edit-policy.ts';
import { policyPath, trialPath } from '../../../src/ledger/policy-paths.ts';
import { formatTrial, readTrial } from '../../../src/policy/trial.ts';
import type { World } from '../../../src/world/world.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('an edit of the policy');

const LINE = 'publish: { lifts: false }\n';
const addLine = (text: string): string => `${text}${LINE}`;
const edit = (change: (text: string) => string) => ({ change, did: 'Add a line', env: {} });
const textOf = (world: World): string => readFileSync(policyPath(world), 'utf8');

test('is made to what is there, and to what is tried meanwhile, which can still be confirmed', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.writePolicy('allow: []\n');
  const until = Date.now() + 3_600_000;
  writeFileSync(trialPath(world), formatTrial({ until, text: 'deny: []\n' }));

  const isEdited = await editPolicy(world, edit(addLine));
  const tried = readTrial(readFileSync(trialPath(world), 'utf8'));
  const confirmed = await sandbox.cli('confirm');

  assert.is(isEdited, true);
  assert.equal(tried, { until, text: `deny: []\n${LINE}` });
  assert.is(confirmed.code, 0, confirmed.stderr);
  assert.is(textOf(world), `deny: []\n${LINE}`);
});

test('that changes nothing writes nothing', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.writePolicy('allow: []\n');
  const { ino } = statSync(policyPath(world));

  const isEdited = await editPolicy(
    world,
    edit((text) => text),
  );

  assert.equal([isEdited, statSync(policyPath(world)).ino], [false, ino]);
});

test('of one that cannot be read changes neither, and names the line', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.writePolicy('allow: []\n');
  const trial = formatTrial({ until: Date.now() + 3_600_000, text: 'denny: []\n' });
  writeFileSync(trialPath(world), trial);

  const failed = await editPolicy(world, edit(addLine)).catch((error: unknown) => error);

  assert.match(String(failed), `${trialPath(world)}:1: denny: unknown key`);
  assert.equal([textOf(world), readFileSync(trialPath(world), 'utf8')], ['allow: []\n', trial]);
});

test('before the first pass begins with what a new state has', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);

  await editPolicy(world, edit(addLine));

  assert.is(textOf(world), addLine(readFileSync(join(world.template, 'policy.yaml'), 'utf8')));
  assert.is((await makePass(world)).problems.length, 0);
});

test('is refused where the file of a state is gone, so that no allowed address is lost for it', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  mkdirSync(join(sandbox.state, '.git'), { recursive: true });

  const failed = await editPolicy(world, edit(addLine)).catch((error: unknown) => error);

  assert.match(String(failed), `${policyPath(world)} is missing`);
  assert.not(existsSync(policyPath(world)));
});

test.run();
