/** What lies between fail2ban and the firewall may fail at any moment: nothing is lost, halved or done twice. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import { eventually } from '../support/eventually.ts';
import { cutInTheMiddle } from './cut-link.ts';

const test = suite<{ network: GuardedNetwork }>('a server');

test.before(async (context) => {
  context.network = await GuardedNetwork.build();
});
test.after(async ({ network }) => {
  await network[Symbol.asyncDispose]();
});

test('whose firewall does not answer keeps its intents, in order, and delivers each once', async ({
  network,
}) => {
  const web1 = network.server(1);
  const taken = network.intentsOf('web1');
  await network.stopSshd();
  await web1.sh('fail2ban-client set sshd banip 198.51.100.41 198.51.100.42 198.51.100.43');
  await web1.sh('fail2ban-client set sshd unbanip 198.51.100.42');
  await web1.sh('fail2ban-client set sshd banip 198.51.100.44');
  const failing = await eventually(async () => {
    const status = await web1.exec(['banspool-send', 'status']);
    assert.match(status.stdout, /5 intents wait .*\n(.*\n)?deliveries have failed for .*: .*refused/);
    return status;
  });
  const names = (await web1.sh('ls /var/spool/banspool-send')).trim().split('\n');
  const kinds = await web1.sh('cd /var/spool/banspool-send; cat *.yaml | grep -E "^(intent|ip):"');

  await network.startSshd();
  await web1.sh('banspool-send ship');
  await network.untilDropped(['198.51.100.41', '198.51.100.43', '198.51.100.44']);

  assert.is(failing.code, 1);
  assert.equal(names, names.toSorted());
  assert.equal(kinds.match(/\d+$|unban|"[^"]*"/gm)?.join(' '), ORDER);
  await eventually(() => {
    assert.is(network.intentsOf('web1') - taken, 5);
  });
  assert.is((await web1.exec(['banspool-send', 'status'])).code, 0);
  assert.match(
    web1.log(),
    /banspool-send: cannot deliver to firewall; retrying later: ssh: connect .*refused/,
  );
  assert.match(web1.log(), /banspool-send: delivery to firewall works again after \d+ s/);
  await web1.sh('fail2ban-client unban --all');
  await network.untilDropped([]);
});

const ORDER = '"198.51.100.41" "198.51.100.42" "198.51.100.43" unban "198.51.100.42" "198.51.100.44"';

test('whose link is cut in the middle of a file has no half of it applied, and delivers it whole later', async ({
  network,
}) => {
  await cutInTheMiddle(network);
});

test('that does not know the host key of its firewall believes none, and tries seldom', async ({
  network,
}) => {
  const web1 = network.server(1);
  const known = '/etc/banspool/known_hosts';
  const key = web1.read(known);
  await web1.sh(
    'ssh -F /etc/banspool/ssh_config -o "ControlPath=/var/spool/banspool-send/.ssh-%C" -O exit firewall || true',
  );
  web1.write(known, '');

  await web1.sh('fail2ban-client set sshd banip 198.51.100.48');

  await eventually(async () => {
    const { code, stdout } = await web1.exec(['banspool-send', 'status']);
    assert.is(code, 1);
    assert.match(
      stdout,
      /^deliveries have failed for .*Host key verification failed|^deliveries .*No .* host key is known/m,
    );
    assert.match(stdout, /^the next attempt is in \d+ s; to try now, run: banspool-send ship$/m);
  }, 120_000);
  const checked = await web1.exec(['banspool-send', 'check']);
  assert.match(checked.stdout, /^bad {3}the host key of firewall is unknown$/m);
  assert.is(web1.read(known), '');
  assert.equal(await network.dropped(), []);
  web1.write(known, key);
  await web1.sh('banspool-send ship; fail2ban-client set sshd unbanip 198.51.100.48');
  await network.untilDropped([]);
});

test('needs one connection for its check, whatever stood before', async ({ network }) => {
  const web1 = network.server(1);
  await web1.sh('banspool-send ship');
  const accepted = (): number => network.firewall.log().match(/Accepted publickey/g)?.length ?? 0;
  const before = accepted();

  await web1.sh('banspool-send check');

  await eventually(() => {
    assert.is(accepted() - before, 1);
  });
});

test('that has rsync protect its words delivers all the same', async ({ network }) => {
  const web1 = network.server(1);

  await web1.sh('banspool-send queue ban --jail sshd --ip 198.51.100.49; banspool-send ship', {
    env: { RSYNC_PROTECT_ARGS: '1' },
  });
  await network.untilDropped(['198.51.100.49']);

  await web1.sh('banspool-send queue unban --jail sshd --ip 198.51.100.49');
  await network.untilDropped([]);
});

test('that lifts all its bans at once leaves those of the other server', async ({ network }) => {
  await network.server(1).sh('fail2ban-client set sshd banip 10.8.0.1 10.8.0.2');
  await network.server(2).sh('fail2ban-client set sshd banip 10.8.0.1');
  await network.untilDropped(['10.8.0.1', '10.8.0.2']);
  await network.untilDrained(network.server(2));

  await network.server(1).sh('fail2ban-client unban --all');

  await eventually(async () => {
    assert.equal(await network.dropped(), ['10.8.0.1']);
  }, 120_000);
  await network.server(2).sh('fail2ban-client unban 10.8.0.1');
  await network.untilDropped([]);
});

test('whose fail2ban was killed has its bans end when they should all the same', async ({ network }) => {
  const web1 = network.server(1);
  await web1.sh('fail2ban-client set sshd bantime 15; fail2ban-client set sshd banip 198.51.100.9');
  await network.untilDropped(['198.51.100.9']);

  await web1.sh('pkill -KILL -f "[f]ail2ban-server"');

  await network.untilDropped([]);
  await web1.sh('rm /run/fail2ban/fail2ban.sock; fail2ban-client start >/dev/null');
});

test.run();
