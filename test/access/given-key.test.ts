import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromOf, readKey } from '../../src/access/given-key.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { ed25519 } from './ssh-key.ts';
import { failureOf } from '../support/failure-of.ts';

const test = suite('a key that is given');

const folder = mkdtempSync(join(tmpdir(), 'key-'));

test('is read from its file', async () => {
  const { type, base64 } = ed25519(1);
  writeFileSync(join(folder, 'key.pub'), `${type} ${base64} fw1\n`);

  assert.equal(await readKey(join(folder, 'key.pub'), 'no hint'), ed25519(1));
});

test('that is none is told with its file, and with how to make one', async () => {
  const path = join(folder, 'bad.pub');
  writeFileSync(path, 'hello\n');

  const error = await readKey(path, 'make one').catch((thrown: unknown) => thrown);

  assert.instance(error, BanspoolError);
  assert.match(String(error), `--key: ${path}: `);
  assert.is(error instanceof BanspoolError ? error.hint : '', 'make one');
  assert.match(await failureOf(readKey(join(folder, 'none'), '')), '--key: there is no file');
  assert.match(await failureOf(readKey(folder, '')), '--key: cannot read');
});

test('is accepted from networks as sshd takes them', async () => {
  assert.is(fromOf('203.0.113.7/24'), '203.0.113.0/24');
  assert.match(await failureOf(Promise.resolve().then(() => fromOf('10/8'))), '--from: ');
});

test.run();
