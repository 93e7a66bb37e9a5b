/** banspool-send as servers get it, and the parts that it is made of. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../support/run-program.ts';
import { ACTIONS } from './sender.ts';

const joined = suite('banspool-send');

const JOIN = join(ACTIONS, '../.ci/join-send');

const text = readFileSync(join(ACTIONS, 'banspool-send'), 'utf8');

joined('in the clone is what .ci/join-send makes of its parts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'joined-'));
  const target = join(folder, 'banspool-send');
  writeFileSync(target, 'older\n');

  await outputOf([JOIN, target]);

  const [made, mode] = [readFileSync(target, 'utf8'), statSync(target).mode & 0o777];
  rmSync(folder, { recursive: true });
  assert.ok(made === text, 'run .ci/join-send, and commit what it makes');
  assert.is(mode, 0o755);
});

joined('holds each part once, and is not written anew where nothing changed', async () => {
  const parts = readdirSync(join(ACTIONS, 'send')).map((name) =>
    readFileSync(join(ACTIONS, 'send', name), 'utf8'),
  );
  // Inside of the test the project can only be read.
  await outputOf([JOIN]);

  assert.ok(parts.length > 10);
  assert.equal(
    parts.map((part) => text.split(part).length - 1),
    parts.map(() => 1),
  );
});

joined.run();
