/** The key that is made belongs to whose the state is, and what is there already stays. */
import { chownSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { knownOwnKey, ownKey } from '../../src/fleet/own-key.ts';
import { NOBODY } from '../support/as-nobody.ts';
import { worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite("this firewall's key");

test('is made once, closed to all but the owner of the state, and read again without the file beside it', async () => {
  await using sandbox = await Sandbox.open();
  chownSync(sandbox.folder, NOBODY.uid, NOBODY.gid);
  const path = join(sandbox.folder, 'fleet_key');

  const first = await ownKey(worldOf(sandbox), path, 'fw1');
  const written = readFileSync(path, 'utf8');
  rmSync(`${path}.pub`);
  const again = await ownKey(worldOf(sandbox), path, 'fw1');

  const { uid, gid, mode } = statSync(path);
  assert.equal([uid, gid, mode & 0o777], [NOBODY.uid, NOBODY.gid, 0o600]);
  assert.is(first.key.type, 'ssh-ed25519');
  assert.equal([first.isNew, again], [true, { key: first.key, isNew: false }]);
  assert.is(readFileSync(path, 'utf8'), written);
});

for (const [what, words, message] of [
  [
    'of another type',
    ['-t', 'ecdsa', '-N', ''],
    'cannot sign for a fleet: it is of type ecdsa-sha2-nistp256',
  ],
  ['with a passphrase', ['-t', 'ed25519', '-N', 'a secret'], 'cannot read the key'],
] as const)
  test(`${what} is refused, and stays as it is`, async () => {
    await using sandbox = await Sandbox.open();
    const path = join(sandbox.folder, 'fleet_key');
    await outputOf(['ssh-keygen', '-q', ...words, '-f', path]);
    const written = readFileSync(path, 'utf8');

    const refused = await ownKey(worldOf(sandbox), path, 'fw1').catch((error: unknown) => error);

    assert.match(String(refused), message);
    assert.is(readFileSync(path, 'utf8'), written);
  });

test('is known where it is there and can be read, and none is made for that', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'fleet_key');
  const world = worldOf(sandbox);

  const before = await knownOwnKey(world, path);
  const { key } = await ownKey(world, path, 'fw1');
  const after = await knownOwnKey(world, path);
  writeFileSync(path, 'nothing\n');

  assert.equal([before, after, await knownOwnKey(world, path)], [undefined, key, undefined]);
});

test('cannot be made where there is no folder for it', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'nowhere/fleet_key');

  const refused = await ownKey(worldOf(sandbox), path, 'fw1').catch((error: unknown) => error);

  assert.match(String(refused), `cannot make the key ${path}: `);
});

test.run();
