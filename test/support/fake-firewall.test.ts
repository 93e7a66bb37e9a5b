/** The named faults; what else the fake does is held to the real thing in test/contract/dataplane.test.ts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FakeFirewall } from './fake-firewall.ts';

const fake = suite('fake firewall');

const NEW_CHAIN = '*filter\n:fail2ban-x - [0:0]\n-A fail2ban-x -j RETURN\nCOMMIT\n';

const EMPTY = ['-P INPUT ACCEPT', '-P FORWARD ACCEPT', '-P OUTPUT ACCEPT'];

async function outcomeOf(work: Promise<unknown>): Promise<'done' | 'failed'> {
  return work.then(
    () => 'done',
    () => 'failed',
  );
}

fake('the next restore can be made to fail, and only that one', async () => {
  const firewall = new FakeFirewall();
  firewall.failNextRestore = true;

  const outcomes = [
    await outcomeOf(firewall.restore('ipv4', NEW_CHAIN)),
    await outcomeOf(firewall.restore('ipv4', NEW_CHAIN)),
  ];

  assert.equal(outcomes, ['failed', 'done']);
  assert.is(firewall.restores.length, 1);
});

fake('every restore can be made to fail, and changes nothing', async () => {
  const firewall = new FakeFirewall();
  firewall.failAllRestores = true;

  const outcomes = [
    await outcomeOf(firewall.restore('ipv4', NEW_CHAIN)),
    await outcomeOf(firewall.restore('ipv4', NEW_CHAIN)),
  ];

  assert.equal(outcomes, ['failed', 'failed']);
  assert.equal(firewall.lines('ipv4'), EMPTY);
});

fake('another program can come between a read and a write', async () => {
  const firewall = new FakeFirewall();
  firewall.beforeRestore = () => {
    firewall.edit('ipv4', '-A INPUT -j DROP');
  };

  await firewall.restore('ipv4', NEW_CHAIN);

  assert.equal(firewall.lines('ipv4'), [
    ...EMPTY,
    '-N fail2ban-x',
    '-A INPUT -j DROP',
    '-A fail2ban-x -j RETURN',
  ]);
  assert.is(firewall.beforeRestore, undefined);
});

fake('it can hang, and go on', async () => {
  const firewall = new FakeFirewall();
  let goOn = (): void => undefined;
  firewall.hang = new Promise<void>((resolve) => (goOn = resolve));
  let isDone = false;

  const restoring = firewall.restore('ipv4', NEW_CHAIN).then(() => (isDone = true));
  await new Promise((resolve) => setImmediate(resolve));
  const before = isDone;
  goOn();
  await restoring;

  assert.equal([before, isDone], [false, true]);
});

fake('it can print lines that are no rules', async () => {
  const firewall = new FakeFirewall();
  firewall.noise = ['# Warning: iptables-legacy tables present, use iptables-legacy to see them'];

  assert.match(await firewall.list('ipv4'), /^# Warning.*\n-P INPUT ACCEPT -c 0 0\n/);
});

fake('families are apart, and so is what stands in the other variant', async () => {
  const firewall = new FakeFirewall('legacy');
  firewall.other = { ipv4: '', ipv6: '-P INPUT ACCEPT\n' };

  await firewall.restore('ipv6', NEW_CHAIN);

  assert.equal(firewall.lines('ipv4'), EMPTY);
  assert.is(firewall.lines('ipv6').length, 5);
  assert.is(await firewall.listOther('ipv6'), '-P INPUT ACCEPT\n');
});

fake('a listing can be loaded, and counters set', async () => {
  const firewall = new FakeFirewall();
  firewall.edit(
    'ipv4',
    '-N fail2ban-x\n-A INPUT -p tcp -j fail2ban-x\n-A INPUT -m comment --comment "a b"\n',
  );
  firewall.count('ipv4', '-A INPUT -p tcp -j fail2ban-x', 5);

  const listing = await firewall.list('ipv4');

  assert.ok(
    listing.includes('-A INPUT -p tcp -c 5 300 -j fail2ban-x\n-A INPUT -m comment --comment "a b" -c 0 0\n'),
  );
});

fake.run();
