/**
 * An sshd of OpenSSH 10, which turns addresses away after failed logins: what doctor says of it is so, and its mend
 * mends.
 */
import { appendFileSync, chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnoseGate } from '../../src/doctor/diagnose-gate.ts';
import type { Gate } from '../../src/access/gate.ts';
import { letIn } from '../../src/access/let-in.ts';
import { ed25519 } from '../access/ssh-key.ts';
import { treeOf } from '../lab/layers.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { FakeGate } from '../support/fake-gate.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';

const test = suite<{ root: string }>('sshd of OpenSSH 10');

/** Where the server's logins come from: an address of the loopback network that nobody else uses. */
const SERVER = '127.0.0.2';

test.before(async (context) => {
  const layers = '/run/sshd-layers';
  context.root = '/run/sshd-root';
  const { root } = context;
  await outputOf(['mkdir', '-p', `${layers}/upper`, `${layers}/work`, root]);
  const options = `lowerdir=${treeOf('sshd-trixie')},upperdir=${layers}/upper,workdir=${layers}/work`;
  await outputOf(['mount', '-t', 'overlay', 'overlay', '-o', options, root]);
  for (const folder of ['dev', 'proc', 'root/.ssh', 'run/sshd', 'etc/ssh/sshd_config.d'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) symlinkSync(`usr/${folder}`, join(root, folder));
  await outputOf(['mount', '--bind', '/dev', join(root, 'dev')]);
  await outputOf(['mount', '-t', 'proc', 'proc', join(root, 'proc')]);
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:*:0:0::/root:/bin/sh\nsshd:*:999:999::/run/sshd:/bin/false\n',
  );
  writeFileSync(
    join(root, 'etc/ssh/sshd_config'),
    'Include /etc/ssh/sshd_config.d/*.conf\nHostKey /root/host\nPidFile none\nUsePAM no\n',
  );
  for (const folder of ['root', 'root/.ssh']) chmodSync(join(root, folder), 0o700);
  for (const key of ['host', 'good', 'bad'])
    await inside(context.root, ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `/root/${key}`]);
  writeFileSync(join(root, 'root/.ssh/authorized_keys'), readFileSync(join(root, 'root/good.pub')));
  const host = readFileSync(join(root, 'root/host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(join(root, 'root/known'), `127.0.0.1 ${host}\n`);
});

async function inside(root: string, argv: readonly string[]): Promise<Ran> {
  return runProgram(['chroot', root, ...argv]);
}

/** Runs until it is disposed of. */
async function startSshd(root: string): Promise<Child> {
  const log = join(root, 'root/log');
  writeFileSync(log, '');
  const sshd = new Child(['chroot', root, '/usr/sbin/sshd', '-D', '-E', '/root/log']);
  await eventually(() => {
    assert.match(readFileSync(log, 'utf8'), 'Server listening on 0.0.0.0');
  });
  return sshd;
}

/** A login of the server with that key. */
async function logIn(root: string, key: string): Promise<Ran> {
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'UserKnownHostsFile=/root/known', 'LogLevel=ERROR'];
  const words = ['-F', 'none', '-b', SERVER, ...options.flatMap((option) => ['-o', option])];
  return inside(root, ['ssh', ...words, '-i', `/root/${key}`, '127.0.0.1', 'echo well']);
}

/** With a server that comes from there, and this sshd for the rest. */
async function gateOf(root: string): Promise<Gate> {
  const fake = new FakeGate();
  await letIn(fake, { server: 'web1', transport: 'rsync', key: ed25519(1), from: SERVER });
  const { config, owned, accounts, takeLock, receive, isRoot } = fake;
  return {
    ...{ config, owned, accounts, takeLock, receive, isRoot },
    run: async (file, args, options) => {
      if (file !== 'sshd') return fake.run(file, args, options);
      const { code, stdout, stderr } = await inside(root, ['/usr/sbin/sshd', ...args]);
      return { pid: 0, exitCode: code, stdout, stderr };
    },
  };
}

test('turns a good key away after failed logins from its address, until it spares the networks that doctor names', async ({
  root,
}) => {
  const gate = await gateOf(root);
  const before = (await diagnoseGate(gate)).filter(({ level }) => level !== 'good');
  const lived = await startSshd(root);
  for (let count = 0; count < 5; count += 1) await logIn(root, 'bad');
  const shut = await logIn(root, 'good');
  await lived[Symbol.asyncDispose]();
  const line = /^add (PerSourcePenaltyExemptList \S+) to \/etc\/ssh\/sshd_config\.d\/servers\.conf/.exec(
    before[0]?.mend ?? '',
  )?.[1];
  appendFileSync(join(root, 'etc/ssh/sshd_config.d/servers.conf'), `${line ?? 'nothing'}\n`);

  const after = (await diagnoseGate(gate)).filter(({ level }) => level !== 'good');
  await using spared = await startSshd(root);
  for (let count = 0; count < 5; count += 1) await logIn(root, 'bad');
  const open = await logIn(root, 'good');

  assert.equal(
    before.map(({ level, what }) => `${level} ${what}`),
    ['warn sshd refuses a server for some time after failed logins from its address (PerSourcePenalties)'],
  );
  assert.is(shut.code, 255, shut.stdout);
  assert.equal(after, []);
  assert.is(open.stdout, 'well\n', open.stderr + spared.stderr);
});

test.run();
