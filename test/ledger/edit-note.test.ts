import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editIn, editLines, findEdit, forgetEdit, noteEdit } from '../../src/ledger/edit-note.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the note of an edit');

async function openState() {
  const sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  mkdirSync(join(sandbox.state, '.git'));
  return sandbox;
}

test('is about the text that it was written for, and void once another hand wrote', async () => {
  await using sandbox = await openState();
  const world = worldOf(sandbox);

  await noteEdit(world, { did: 'allow ::1, by anna', text: 'allow: []\n' });
  const early = await findEdit(world);
  sandbox.writePolicy('allow: []\n');
  const there = await findEdit(world);
  sandbox.writePolicy('allow: [] # mine\n');

  assert.equal([early, there, await findEdit(world)], [undefined, 'allow ::1, by anna', undefined]);
});

test('has both edits where no commit came between, and nothing of one that changes nothing', async () => {
  await using sandbox = await openState();
  const world = worldOf(sandbox);
  for (const [did, text] of [
    ['one', 'a'],
    ['two', 'b'],
    ['nothing', 'b'],
  ] as const) {
    await noteEdit(world, { did, text });
    sandbox.writePolicy(text);
  }

  const both = await findEdit(world);
  await forgetEdit(world);

  assert.equal([both, await findEdit(world)], ['one; two', undefined]);
});

test('is nothing that a terminal obeys, whoever wrote the file', async () => {
  await using sandbox = await openState();
  const world = worldOf(sandbox);
  await noteEdit(world, { did: 'allow ::1, by \u001b[31manna', text: 'b' });
  sandbox.writePolicy('b');
  const tame = await findEdit(world);
  for (const text of ['', 'x\n', `${'0'.repeat(64)} a\nb\n`]) {
    writeFileSync(join(sandbox.state, '.git/banspool/edit'), text);
    assert.is(await findEdit(world), undefined, text);
  }

  assert.is(tame, 'allow ::1, by  [31manna');
});

test('is a line of a message among others', () => {
  assert.is(editIn(['policy: deny ::1: …', ...editLines('deny ::1, by anna')]), 'deny ::1, by anna');
  assert.is(editIn(['policy: deny ::1: …']), undefined);
});

test.run();
