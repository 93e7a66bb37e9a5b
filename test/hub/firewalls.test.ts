import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addFirewall, listFirewalls, removeFirewall } from '../../src/hub/firewalls.ts';
import { ed25519 } from '../access/ssh-key.ts';
import { failureOf } from '../support/failure-of.ts';
import { gateWithHub } from '../support/fake-hub-gate.ts';

const test = suite('the firewalls of a hub');

const fw1 = { firewall: 'fw1', key: ed25519(1) };
const fw2 = { firewall: 'fw2', key: ed25519(2), from: '203.0.113.2' };

test('are listed by name, each once, however often it is added', async () => {
  const { gate, hub } = await gateWithHub();

  await addFirewall(gate, hub, fw2);
  await addFirewall(gate, hub, fw1);
  const again = await addFirewall(gate, hub, fw1);

  assert.equal(listFirewalls(gate, hub), [fw1, fw2]);
  assert.equal(again, []);
  assert.equal(gate.owned.look(hub.keysFile), { uid: 0, gid: 0, mode: 0o644 });
});

test('have a key each: one that is known, here or on another line, is refused', async () => {
  const { gate, hub } = await gateWithHub();
  await addFirewall(gate, hub, fw1);
  const { type, base64 } = ed25519(3);
  const text = `${gate.owned.read(hub.keysFile) ?? ''}${type} ${base64} anna\n`;
  gate.owned.write(hub.keysFile, text, { uid: 0, gid: 0, mode: 0o644 });

  const known = await failureOf(addFirewall(gate, hub, { ...fw2, key: ed25519(1) }));
  const foreign = await failureOf(addFirewall(gate, hub, { ...fw2, key: ed25519(3) }));

  assert.match(known, 'this key is already the key of fw1');
  assert.match(foreign, 'another line of /var/lib/banspool-hub/.ssh/authorized_keys already allows this key');
  assert.is(gate.owned.read(hub.keysFile), text);
});

test('lose what stands open when a key is replaced or removed, and not when one is added', async () => {
  const { gate, hub } = await gateWithHub();
  await addFirewall(gate, hub, fw1);
  await addFirewall(gate, hub, fw2);
  const added = gate.closed.length;

  const replaced = await addFirewall(gate, hub, { ...fw1, key: ed25519(4) });
  const removed = await removeFirewall(gate, hub, 'fw2');

  assert.is(added, 0);
  assert.equal(gate.closed, [String(hub.account.uid), String(hub.account.uid)]);
  for (const done of [replaced, removed]) assert.is(done.at(-1), 'open fetches, pushes and bells ended');
  assert.equal(listFirewalls(gate, hub), [{ ...fw1, key: ed25519(4) }]);
});

test('of a name that has no key are not removed', async () => {
  const { gate, hub } = await gateWithHub();

  assert.match(await failureOf(removeFirewall(gate, hub, 'fw9')), 'no key belongs to "fw9"');
});

test.run();
