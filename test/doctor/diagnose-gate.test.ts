/** What doctor says of the way in, and that its mends mend. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnoseGate } from '../../src/doctor/diagnose-gate.ts';
import { letIn, listLetIn } from '../../src/access/let-in.ts';
import type { Transport } from '../../src/access/gate.ts';
import { ed25519 } from '../access/ssh-key.ts';
import { FakeGate } from '../support/fake-gate.ts';

const door = suite('the door');

const TRANSPORTS: readonly Transport[] = ['rsync', 'scp'];

async function gateWith(transport: Transport): Promise<FakeGate> {
  const gate = new FakeGate();
  await letIn(gate, { server: 'web1', transport, key: ed25519(1), from: '203.0.113.11' });
  gate.closed.length = 0;
  return gate;
}

/** What is not good, with its mend. */
async function complaintsOf(gate: FakeGate): Promise<readonly string[]> {
  return (await diagnoseGate(gate))
    .filter(({ level }) => level !== 'good')
    .map(({ level, what, mend }) => `${level} ${what} | ${mend ?? ''}`);
}

for (const transport of TRANSPORTS) {
  door(`is in order once a server is let in by ${transport}`, async () => {
    assert.equal(await complaintsOf(await gateWith(transport)), []);
  });

  door(
    `by ${transport} is told to write elsewhere after the spool was moved, until let in again`,
    async () => {
      const gate = await gateWith(transport);
      const [before] = await listLetIn(gate);
      gate.configure('spool: /srv/spool');

      const complaints = await complaintsOf(gate);
      await letIn(gate, { server: 'web1' });

      const reload = transport === 'scp' ? ' && systemctl reload ssh' : '';
      assert.equal(complaints, [
        'bad web1: its key writes to /var/spool/banspool/web1, and what is read is /srv/spool/web1' +
          ` | banspool server add web1${reload}`,
      ]);
      assert.equal(await complaintsOf(gate), []);
      assert.equal(await listLetIn(gate), [{ ...before, folder: '/srv/spool/web1' }]);
      assert.equal(gate.closed, [transport === 'rsync' ? 'fail2ban' : 'banspool-web1']);
    },
  );

  door(`does nothing for a server that is let in by ${transport} once more as it was`, async () => {
    const gate = await gateWith(transport);

    assert.equal(await letIn(gate, { server: 'web1' }), []);
    assert.equal(gate.closed, []);
  });
}

const HOME = '/var/lib/banspool-keys';

for (const [transport, folder] of [
  ['rsync', HOME],
  ['rsync', `${HOME}/.ssh`],
  ['scp', HOME],
  ['scp', `${HOME}/scp`],
] as const) {
  door(`by ${transport} is shut where sshd cannot enter ${folder} as who logs in`, async () => {
    const gate = await gateWith(transport);
    gate.give(folder, { uid: 0, gid: 0, mode: 0o750 });

    assert.equal(await complaintsOf(gate), [
      `bad ${folder} cannot be entered by sshd, which reads keys as the account of each: no server gets in` +
        ` | chmod 755 ${folder}`,
    ]);
  });
}

door('is shut where the spool cannot be entered by those who write below it', async () => {
  const gate = await gateWith('rsync');
  gate.give('/var/spool/banspool', { uid: 0, gid: 0, mode: 0o750 });

  assert.equal(await complaintsOf(gate), [
    'bad /var/spool/banspool cannot be entered by those who write below it: nothing arrives' +
      ' | chmod 755 /var/spool/banspool',
  ]);
});

door('is shut where sshd wants more than a key', async () => {
  const gate = await gateWith('rsync');

  for (const methods of [
    'publickey,password',
    'publickey,password publickey,keyboard-interactive',
    'password',
  ]) {
    gate.sshd.set('authenticationmethods', methods);
    assert.equal(await complaintsOf(gate), [
      `bad sshd wants more than a key of fail2ban: AuthenticationMethods ${methods} | in sshd_config,` +
        ' ahead of other Match blocks: Match User fail2ban, and below it AuthenticationMethods publickey',
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
      `bad sshd does not run the command of a key as fail2ban: ${option} ${value} | in sshd_config,` +
        ` ahead of other Match blocks: Match User fail2ban, and below it ${option} none`,
    ]);
    assert.equal(await complaintsOf(scp), []);
  });
}

for (const transport of TRANSPORTS) {
  door(
    `by ${transport} is shut where a hand wrote a network that sshd does not take, until let in again`,
    async () => {
      const gate = await gateWith(transport);
      const path = transport === 'rsync' ? `${HOME}/.ssh/authorized_keys` : `${HOME}/scp/web1`;
      const rebind = (from: string): void => {
        const text = gate.owned.read(path) ?? '';
        gate.owned.write(path, text.replace(/from="[^"]*"/, `from="${from}"`), {
          uid: 0,
          gid: 0,
          mode: 0o644,
        });
      };

      rebind('203.0.113.11,192.0.2.1/24');
      const misread = await complaintsOf(gate);
      await letIn(gate, { server: 'web1' });
      const [mended] = await listLetIn(gate);
      rebind('203.0.113.0/255.255.255.0');
      const bad = await complaintsOf(gate);
      const again = String(await letIn(gate, { server: 'web1' }).catch((error: unknown) => error));
      rebind('!203.0.113.7,*.example.net');
      const withNames = await complaintsOf(gate);
      gate.sshd.set('usedns', 'no');
      const withoutNames = await complaintsOf(gate);

      assert.equal(misread, [
        'bad web1: its key has from="203.0.113.11,192.0.2.1/24", and sshd takes "192.0.2.1/24" for no network' +
          " | banspool server add web1 --from '203.0.113.11,192.0.2.0/24'",
      ]);
      assert.is(mended?.from, '203.0.113.11,192.0.2.0/24');
      assert.equal(bad, [
        'bad web1: its key has from="203.0.113.0/255.255.255.0": "203.0.113.0/255.255.255.0" is not an address, CIDR' +
          ' or pattern | banspool server add web1 --from ADDRESSES',
      ]);
      assert.match(again, 'the key of web1 has from="203.0.113.0/255.255.255.0"');
      assert.equal(withNames, []);
      assert.equal(withoutNames, [
        'bad web1: its key has from="!203.0.113.7,*.example.net", and sshd looks for no names (UseDNS no): it never' +
          ' gets in | banspool server add web1 --from ADDRESSES',
      ]);
    },
  );
}

const SHOWS = 'sshd -T -C user=fail2ban,host=x,addr=192.0.2.1 shows what sshd does';

door('is shut where sshd takes no keys', async () => {
  const gate = await gateWith('rsync');

  gate.sshd.set('pubkeyauthentication', 'no');

  assert.equal(await complaintsOf(gate), [`bad sshd takes no keys (PubkeyAuthentication) | ${SHOWS}`]);
});

door('by scp is open to more than sftp where sshd does not read our file', async () => {
  const gate = await gateWith('scp');

  gate.includes = false;

  assert.equal(await complaintsOf(gate), [
    'bad sshd does not keep banspool-web1 to sftp in its folder' +
      ' | does sshd_config include sshd_config.d? banspool server add --scp',
  ]);
});

door('by rsync is shut where the program is gone that keys run', async () => {
  const gate = await gateWith('rsync');

  gate.owned.remove(gate.receive);

  assert.equal(await complaintsOf(gate), [
    `bad ${gate.receive}, which keys run, is not there | banspool server add NAME, once more for each server`,
  ]);
});

for (const [silence, root, complaint] of [
  ['missing', true, 'bad sshd is not installed: no server gets in | apt install openssh-server'],
  ['missing', false, 'bad sshd is not installed: no server gets in | apt install openssh-server'],
  ['broken', true, 'bad sshd does not say what it would do: line 3: Bad configuration option: x | sshd -t'],
  [
    'broken',
    false,
    'warn sshd does not say what it would do: line 3: Bad configuration option: x | run doctor as root',
  ],
] as const) {
  door(`is told of to ${root ? 'root' : 'others'} where sshd is ${silence}`, async () => {
    const gate = await gateWith('rsync');

    Object.assign(gate, { silence, root });

    assert.equal(await complaintsOf(gate), [complaint]);
  });
}

const PENALTIES = 'crash:90 authfail:5 noauth:1 grace-exceeded:10 refuseconnection:10 max:600 min:15';

for (const [exempt, list] of [
  ['none', '203.0.113.11'],
  ['198.51.100.0/24,2001:db8::/32', '203.0.113.11'],
] as const) {
  door(`shuts for a while after failed logins where sshd spares ${exempt}`, async () => {
    const gate = await gateWith('rsync');

    gate.sshd.set('persourcepenalties', PENALTIES).set('persourcepenaltyexemptlist', exempt);

    assert.equal(await complaintsOf(gate), [
      'warn sshd turns a server away for a while after failed logins from its address (PerSourcePenalties)' +
        ` | PerSourcePenaltyExemptList ${list}, in /etc/ssh/sshd_config.d/servers.conf; then systemctl reload ssh`,
    ]);
  });
}

for (const [penalties, exempt] of [
  ['no', 'none'],
  [PENALTIES, '203.0.113.0/24'],
  [PENALTIES, '2001:db8::/32,203.0.113.11'],
] as const) {
  door(
    `stays open after failed logins where sshd has penalties ${penalties} and spares ${exempt}`,
    async () => {
      const gate = await gateWith('rsync');

      gate.sshd.set('persourcepenalties', penalties).set('persourcepenaltyexemptlist', exempt);

      assert.equal(await complaintsOf(gate), []);
    },
  );
}

door('opens for no server that has no key yet and brings none', async () => {
  const gate = await gateWith('rsync');

  const error = await letIn(gate, { server: 'web2' }).catch((thrown: unknown) => thrown);

  assert.match(String(error), '"web2" has no key yet');
  assert.equal((await listLetIn(gate)).length, 1);
});

door('keeps the key of a server that changes from rsync to scp', async () => {
  const gate = await gateWith('rsync');
  const [before] = await listLetIn(gate);

  await letIn(gate, { server: 'web1', transport: 'scp' });

  assert.equal(await listLetIn(gate), [{ ...before, transport: 'scp' }]);
});

door.run();
