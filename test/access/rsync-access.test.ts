import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KEYS_FILE } from '../../src/access/gate.ts';
import { dropKey, putKey, readKeys } from '../../src/access/rsync-access.ts';
import { FakeGate } from '../support/fake-gate.ts';
import { ed25519 } from './ssh-key.ts';

const test = suite('access by rsync');

const PATH = '/var/lib/banspool-keys/.ssh/authorized_keys';

const put = async (gate: FakeGate, server: string, key: number): Promise<readonly string[]> => {
  const done: string[] = [];
  await putKey(gate, { server, transport: 'rsync', key: ed25519(key) }, done);
  return done;
};

test('closes what stands when a key is replaced or taken away, and not when one is added', async () => {
  const gate = new FakeGate();

  await put(gate, 'web1', 1);
  await put(gate, 'web2', 2);
  const added = [...gate.closed];
  await put(gate, 'web1', 3);
  await dropKey(gate, 'web2', []);
  await dropKey(gate, 'web2', []);

  assert.equal(added, []);
  assert.equal(gate.closed, ['fail2ban', 'fail2ban']);
  const keys = await readKeys(gate);
  assert.match(keys, ed25519(3).base64);
  for (const gone of [1, 2]) assert.not.match(keys, ed25519(gone).base64);
});

test('keeps the file of keys root’s, and readable to sshd, though nothing else is to be done', async () => {
  const gate = new FakeGate();
  await put(gate, 'web1', 1);
  gate.give(PATH, { uid: 990, gid: 990, mode: 0o600 });

  const done = await put(gate, 'web1', 1);

  assert.equal(done, [`${PATH}: sshd reads it as fail2ban`]);
  assert.equal(gate.owned.look(PATH), KEYS_FILE);
});

test('is nobody’s where there is no such account', async () => {
  assert.is(await readKeys(new FakeGate()), '');
});

test.run();
