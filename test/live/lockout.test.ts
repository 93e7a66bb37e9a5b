/**
 * Whoever works on the firewall by ssh is not to ban himself, also where sudo or su took away what sshd told of him.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Lab } from '../lab/lab.ts';
import { layersWith } from '../lab/layers.ts';
import { Machine } from '../lab/machine.ts';
import { behindOneFirewall, FIREWALL } from '../lab/topology.ts';

const test = suite('a ban of the network that an operator came from');

/** How root's commands are run there, with less and less that tells from where the operator came. */
const WAYS: Readonly<Record<string, string>> = {
  'as it is': '',
  'without the environment': 'env -i ',
  'without it in any process but sshd': 'exec env -i setsid --wait ',
};

test('is refused, whatever stands between him and the sshd', async () => {
  await using lab = await Lab.connect(behindOneFirewall(1));
  const [server] = lab.servers;
  assert.ok(server);
  await using firewall = await Machine.start(FIREWALL, layersWith());
  await using operator = await Machine.start(server.site.name, layersWith());
  const key = await operator.sh("ssh-keygen -q -t ed25519 -N '' -f /tmp/key; cat /tmp/key.pub");
  await firewall.exec(['sh', '-c', 'mkdir -p -m 700 /root/.ssh; cat >/root/.ssh/authorized_keys'], {
    input: key,
  });
  // As an account that sees nothing of sshd: as that root's commands look at the state.
  await firewall.sh('install -d -o games -g games -m 750 /var/lib/banspool /var/lib/banspool/state');
  await firewall.sh('ssh-keygen -A; /usr/sbin/sshd');
  const ssh = 'ssh -i /tmp/key -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null';

  for (const [way, before] of Object.entries(WAYS)) {
    const script = `${before}${process.execPath} /opt/banspool/dist/banspool.js ban ${server.site.ipv4}/28`;
    const ran = await operator.exec(['sh', '-c', `${ssh} root@${server.site.gateway4} '${script}'`]);

    assert.is(ran.code, 1, `${way}: ${ran.stdout}${ran.stderr}`);
    assert.match(ran.stderr, `drops ${server.site.ipv4}, from which you are logged in`, way);
  }
  assert.is(await firewall.sh('ls /var/spool/banspool 2>/dev/null || true'), '');
});

test.run();
