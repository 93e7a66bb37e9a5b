/** sshguard itself, with its own parser and blocker, and banspool as its backend. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import { eventually } from '../support/eventually.ts';

const test = suite('sshguard');

test('has what it blocks dropped at the firewall, lets it through when it does, and keeps it when it stops', async () => {
  await using network = await GuardedNetwork.build({ servers: 1 });
  const web1 = network.server(1);
  await web1.sh(
    'mkdir -p /usr/libexec/sshguard; cp /opt/banspool/action.d/sshg-fw-banspool /usr/libexec/sshguard/; touch /var/log/guarded',
  );
  web1.write(
    '/etc/sshguard/sshguard.conf',
    'BACKEND="/usr/libexec/sshguard/sshg-fw-banspool"\nFILES="/var/log/guarded"\nTHRESHOLD=10\nBLOCK_TIME=12\nDETECTION_TIME=600\n',
  );
  // At its end it kills its whole process group.
  const guard = web1.spawn(['setsid', '--wait', 'sshguard']);
  const attack = async (address: string): Promise<string> =>
    web1.sh(
      `for i in 1 2 3; do echo "$(LC_ALL=C date '+%b %e %T') web1 sshd[1]: Failed password for invalid user x from ${address} port 1 ssh2" >>/var/log/guarded; done`,
    );

  await eventually(async () => {
    await attack('198.51.100.50');
    assert.equal(await network.dropped(), ['198.51.100.50'], guard.stderr);
  });
  await network.untilDropped([]);
  await eventually(async () => {
    await attack('198.51.100.51');
    assert.equal(await network.dropped(), ['198.51.100.51']);
  });
  await web1.sh('pkill -TERM sshg-blocker; true');
  await eventually(() => web1.sh('! pgrep -f "[b]anspool-send sshguard"'));
  await network.untilDrained(web1);

  assert.match((await network.banspool('list')).stdout, /^198\.51\.100\.51 +sshguard +all ports +web1 /m);
});

test.run();
