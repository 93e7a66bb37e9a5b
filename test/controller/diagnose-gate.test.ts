/** What doctor says of the way in, and that its mends mend. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnoseGate } from '../../src/controller/diagnose-gate.ts';
import { letIn, listLetIn } from '../../src/controller/let-in.ts';
import type { Transport } from '../../src/controller/gate.ts';
import { ed25519 } from '../keys/ssh-key.ts';
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
