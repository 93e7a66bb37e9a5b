/** What doctor says of the way in, and that its mends mend. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { letIn, listLetIn } from '../../src/access/let-in.ts';
import type { Transport } from '../../src/access/gate.ts';
import { gateWith } from '../support/fake-gate.ts';
import { complaintsOf } from './complaints.ts';

const door = suite('the door');

const TRANSPORTS: readonly Transport[] = ['rsync', 'scp'];

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
        'bad web1: its key writes to /var/spool/banspool/web1, but the controller reads /srv/spool/web1' +
          ` | banspool server add web1${reload}`,
      ]);
      assert.equal(await complaintsOf(gate), []);
      assert.equal(await listLetIn(gate), [{ ...before, folder: '/srv/spool/web1' }]);
      assert.equal(gate.closed, [transport === 'rsync' ? 'fail2ban' : 'banspool-web1']);
    },
  );
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
      `bad sshd, which reads keys as the account of each server, cannot enter ${folder}: no server can connect` +
        ` | chmod 755 ${folder}`,
    ]);
  });
}

door('is shut where the spool cannot be entered by those who write below it', async () => {
  const gate = await gateWith('rsync');
  gate.give('/var/spool/banspool', { uid: 0, gid: 0, mode: 0o750 });

  assert.equal(await complaintsOf(gate), [
    'bad the accounts that write below /var/spool/banspool cannot enter it: no file arrives' +
      ' | chmod 755 /var/spool/banspool',
  ]);
});

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
        'bad web1: its key has from="203.0.113.11,192.0.2.1/24", but sshd does not read "192.0.2.1/24" as a network' +
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
        'bad web1: its key has from="!203.0.113.7,*.example.net", but sshd does not resolve names (UseDNS no): it cannot' +
          ' connect | banspool server add web1 --from ADDRESSES',
      ]);
    },
  );
}

door('by rsync is shut where the program is gone that keys run', async () => {
  const gate = await gateWith('rsync');

  gate.owned.remove(gate.receive);

  assert.equal(await complaintsOf(gate), [
    `bad the forced command ${gate.receive} is missing | run banspool server add NAME again for each server`,
  ]);
});

door.run();
