import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NewServer } from '../../src/access/gate.ts';
import { dropScp, putScp, readScp, requireSshd } from '../../src/access/scp-access.ts';
import { FakeGate } from '../support/fake-gate.ts';
import { ed25519 } from './ssh-key.ts';

const test = suite('access by scp');

const SSHD_FILE = '/etc/ssh/sshd_config.d/banspool.conf';

const server = (name: string, key: number): NewServer => ({
  server: name,
  transport: 'scp',
  key: ed25519(key),
});

test('takes back what sshd would not start with', async () => {
  const gate = new FakeGate();
  const put = (name: string, key: number): Promise<unknown> =>
    putScp(gate, server(name, key), []).catch((error: unknown) => error);
  const complaint = 'banspool.conf line 3: bad';

  Object.assign(gate, { complaint });
  const first = await put('web1', 1);
  const afterFirst = gate.owned.read(SSHD_FILE);
  const required = await requireSshd(gate).catch((error: unknown) => error);
  Object.assign(gate, { complaint: undefined });
  await put('web1', 1);
  const good = gate.owned.read(SSHD_FILE);
  Object.assign(gate, { complaint });
  const second = await put('web2', 2);

  for (const error of [first, second])
    assert.match(String(error), `sshd cannot start with ${SSHD_FILE}: ${complaint}`);
  assert.match(String(required), `sshd cannot start with its current configuration: ${complaint}`);
  assert.is(afterFirst, undefined);
  assert.match(good ?? '', 'banspool-web1');
  assert.is(gate.owned.read(SSHD_FILE), good);
});

test('closes open connections of a server whose key is replaced, or that is dropped with its account', async () => {
  const gate = new FakeGate();
  await gate.accounts.add({ name: 'banspool-web1', home: '/', shell: '/usr/sbin/nologin' });
  await putScp(gate, server('web1', 1), []);
  await putScp(gate, server('web2', 2), []);
  const added = [...gate.closed];

  await putScp(gate, server('web1', 3), []);
  await dropScp(gate, 'web1', []);
  await dropScp(gate, 'web1', []);

  assert.equal(added, []);
  assert.equal(gate.closed, ['banspool-web1', 'banspool-web1']);
  assert.is(await gate.accounts.find('banspool-web1'), undefined);
  assert.equal(
    readScp(gate).map((each) => each.server),
    ['web2'],
  );
  assert.is(gate.owned.read('/var/lib/banspool-keys/scp/web1'), undefined);
});

test.run();
