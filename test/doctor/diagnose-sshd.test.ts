/** What doctor says of sshd. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gateWith } from '../support/fake-gate.ts';
import { complaintsOf } from './complaints.ts';

const door = suite('the door');

door('is shut where sshd wants more than a key', async () => {
  const gate = await gateWith('rsync');

  for (const methods of [
    'publickey,password',
    'publickey,password publickey,keyboard-interactive',
    'password',
  ]) {
    gate.sshd.set('authenticationmethods', methods);
    assert.equal(await complaintsOf(gate), [
      `bad sshd requires more than a key from fail2ban: AuthenticationMethods ${methods} | add to sshd_config,` +
        ' before other Match blocks: Match User fail2ban, and below it AuthenticationMethods publickey',
    ]);
  }
});

door('is open where a key alone is one of several ways', async () => {
  const gate = await gateWith('rsync');

  gate.sshd.set('authenticationmethods', 'publickey,password publickey');

  assert.equal(await complaintsOf(gate), []);
});

for (const [option, value] of [
  ['ForceCommand', '/usr/bin/menu'],
  ['ChrootDirectory', '/srv/%u'],
] as const) {
  door(`by rsync is shut where sshd has a ${option} for all, and by scp is not`, async () => {
    const [rsync, scp] = [await gateWith('rsync'), await gateWith('scp')];

    for (const { sshd } of [rsync, scp]) sshd.set(option.toLowerCase(), value);

    assert.equal(await complaintsOf(rsync), [
      `bad sshd does not run the forced command of keys as fail2ban: ${option} ${value} | add to sshd_config,` +
        ` before other Match blocks: Match User fail2ban, and below it ${option} none`,
    ]);
    assert.equal(await complaintsOf(scp), []);
  });
}

const SHOWS = 'sshd -T -C user=fail2ban,host=x,addr=192.0.2.1 shows the settings of sshd';

door('is shut where sshd takes no keys', async () => {
  const gate = await gateWith('rsync');

  gate.sshd.set('pubkeyauthentication', 'no');

  assert.equal(await complaintsOf(gate), [`bad sshd does not accept keys (PubkeyAuthentication) | ${SHOWS}`]);
});

door('by scp is open to more than sftp where sshd does not read our file', async () => {
  const gate = await gateWith('scp');

  gate.includes = false;

  assert.equal(await complaintsOf(gate), [
    'bad sshd does not limit banspool-web1 to sftp in its folder' +
      ' | include /etc/ssh/sshd_config.d/*.conf in sshd_config, then run banspool server add NAME --scp',
  ]);
});

for (const [silence, root, complaint] of [
  ['missing', true, 'bad sshd is not installed: no server can connect | apt install openssh-server'],
  ['missing', false, 'bad sshd is not installed: no server can connect | apt install openssh-server'],
  ['broken', true, 'bad sshd does not show its settings: line 3: Bad configuration option: x | sshd -t'],
  [
    'broken',
    false,
    'warn sshd does not show its settings: line 3: Bad configuration option: x | run doctor as root',
  ],
] as const) {
  door(`is told of to ${root ? 'root' : 'others'} where sshd is ${silence}`, async () => {
    const gate = await gateWith('rsync');

    Object.assign(gate, { silence, root });

    assert.equal(await complaintsOf(gate), [complaint]);
  });
}

door.run();
