/** A server with two firewalls, by real ssh: what one misses it gets later, and the other never waits for it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import { eventually } from '../support/eventually.ts';
import { SecondFirewall } from './second-firewall.ts';

const test = suite<{ network: GuardedNetwork; second: SecondFirewall }>('a redundant pair');

const [KNOWN, DOWN, LIFTED, SILENT] = ['198.51.100.21', '198.51.100.22', '198.51.100.23', '198.51.100.24'];

test.before(async (context) => {
  context.network = await GuardedNetwork.build({ servers: 1 });
  context.second = await SecondFirewall.connect(context.network.server(1));
});
test.after(async ({ network, second }) => {
  await second[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

test('begins with a second firewall that gets all that is banned', async ({ network, second }) => {
  const web1 = network.server(1);
  await web1.sh(`fail2ban-client set sshd banip ${KNOWN}`);
  await network.untilDropped([KNOWN]);
  // As some minutes after the start of fail2ban.
  await web1.sh(
    'touch -d "10 minutes ago" /run/fail2ban/fail2ban.sock; rm -f /var/spool/banspool-send/.unsettled,*',
  );

  const said = await web1.sh('banspool-send setup firewall2 --add');
  await second.machine.sh(/^ +(echo '.*' \| banspool server add web1 --key -)$/m.exec(said)?.[1] ?? 'false');
  const check = await web1.exec(['banspool-send', 'check']);

  await second.untilDropped([KNOWN]);
  assert.is(check.code, 0, check.stdout);
  assert.match(check.stdout, /^ok {4}firewall: a probe arrived.*\nok {4}firewall2: a probe arrived/m);
  assert.equal(await network.dropped(), [KNOWN]);
});

test('goes on with one of the two, and the other has all when it is back', async ({ network, second }) => {
  const web1 = network.server(1);
  await web1.sh(`fail2ban-client set sshd banip ${LIFTED}`);
  await second.untilDropped([KNOWN, LIFTED]);
  // A firewall drops before its shipper has noted the delivery: one that stops now would be sent that ban again.
  await eventually(async () => {
    const { stdout } = await web1.exec(['banspool-send', 'status']);
    assert.match(stdout, /^nothing waits for firewall\nnothing waits for firewall2$/m);
  });
  await second.stop();

  await web1.sh(`fail2ban-client set sshd banip ${DOWN}`);
  await network.untilDropped([KNOWN, DOWN, LIFTED]);
  await web1.sh(`fail2ban-client set sshd unbanip ${LIFTED}`);
  await network.untilDropped([KNOWN, DOWN]);
  const status = await eventually(async () => {
    const { code, stdout } = await web1.exec(['banspool-send', 'status']);
    assert.match(stdout, /^nothing waits for firewall\n2 intents wait for firewall2, /);
    assert.match(stdout, /^deliveries to firewall2 have failed for /m);
    return code;
  });
  await second.start();
  await web1.sh('banspool-send ship');

  await second.untilDropped([KNOWN, DOWN]);
  assert.is(status, 1);
  assert.equal(await network.dropped(), [KNOWN, DOWN]);
});

test('does not wait for one whose ssh gets no answer', async ({ network, second }) => {
  const web1 = network.server(1);
  await second.unplug();
  await web1.sh(`fail2ban-client set sshd banip ${LIFTED}`);
  await network.untilDropped([KNOWN, DOWN, LIFTED]);

  await web1.sh(`fail2ban-client set sshd banip ${SILENT}`);
  await network.untilDropped([KNOWN, DOWN, LIFTED, SILENT]);

  const shippers = await web1.sh("pgrep -fc '[b]anspool-send (queue|ship)'");
  assert.ok(Number(shippers) > 0, 'somebody tries still');
  // The firewall drops before its shipper has noted the delivery.
  await eventually(async () => {
    const { stdout } = await web1.exec(['banspool-send', 'status']);
    assert.match(stdout, /^nothing waits for firewall\n2 intents wait for firewall2, /);
  });
  await second.plug();
  await web1.sh('until banspool-send ship; do :; done');
  await second.untilDropped([KNOWN, DOWN, LIFTED, SILENT]);
  await web1.sh(`fail2ban-client set sshd unbanip ${LIFTED} ${SILENT}`);
  await Promise.all([network.untilDropped([KNOWN, DOWN]), second.untilDropped([KNOWN, DOWN])]);
});

test('loses nothing where shippers are killed again and again', async ({ network, second }) => {
  const web1 = network.server(1);
  const banned = Array.from({ length: 40 }, (_, index) => `10.7.0.${index + 10}`);
  const killer = web1.spawn(['sh', '-c', KILL]);

  await web1.sh(`for ip in ${banned.join(' ')}; do
    banspool-send queue ban --jail sshd --ip $ip --bantime 600
    banspool-send queue ban --jail sshd --ip 10.8.0.1 --bantime 600
    banspool-send queue unban --jail sshd --ip 10.8.0.1
  done`);
  await web1.sh('rm /tmp/killing');
  await killer.ended;
  await web1.sh('banspool-send ship');

  const all = [...banned, KNOWN, DOWN];
  await Promise.all([network.untilDropped(all), second.untilDropped(all)]);
  assert.ok(killer.stdout.length > 0, 'some were killed');
  assert.equal((await web1.exec(['banspool-send', 'status'])).code, 0);
});

/** Kills whoever ships, each time somewhere else. */
const KILL = `
touch /tmp/killing
pause=0
while [ -e /tmp/killing ]; do
  pkill -KILL -f '[b]anspool-send ship' && echo killed
  pause=$(((pause + 37) % 300))
  sleep 0.$(printf %03d $pause)
done`;

test.run();
