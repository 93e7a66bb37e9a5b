/** Servers that send by scp: the same bans, by an account that can write files into one folder and nothing else. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import { cutInTheMiddle } from './cut-link.ts';

const test = suite<{ network: GuardedNetwork }>('a server that sends by scp');

test.before(async (context) => {
  context.network = await GuardedNetwork.build({ transport: 'scp' });
});
test.after(async ({ network }) => {
  await network[Symbol.asyncDispose]();
});

test('has a failed login dropped, and let through again when it is unbanned', async ({ network }) => {
  const web1 = network.server(1);

  await network.failLogin(web1);
  await network.untilDropped([network.attacker.site.ipv4]);
  await web1.sh(`fail2ban-client set sshd unbanip ${network.attacker.site.ipv4}`);

  await network.untilDropped([]);
});

test('has its way in found good by check on the server and by doctor on the firewall', async ({
  network,
}) => {
  const check = await network.server(1).exec(['banspool-send', 'check']);
  const doctor = await network.banspool('doctor');

  assert.is(check.code, 0, check.stdout);
  assert.match(check.stdout, 'a probe arrived');
  assert.match(doctor.stdout, /good {2}web1: connects by scp, and may write to \/var\/spool\/banspool\/web1/);
  assert.match(doctor.stdout, 'good  sshd allows these accounts');
});

test('has no half of a file applied when its link is cut in the middle of it, and delivers it whole later', async ({
  network,
}) => {
  await cutInTheMiddle(network);
});

const SFTP = 'sftp -F /etc/banspool/ssh_config -b - firewall';

/** Each is tried on web1 with its key, and fails. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'a shell': 'ssh -F /etc/banspool/ssh_config firewall id',
  'listing its folder': `echo 'ls' | ${SFTP}`,
  'listing the spool': `echo 'ls /' | ${SFTP}`,
  'reading what waits': `echo 'get 17956-1-1.yaml /tmp/read' | ${SFTP}`,
  'removing what waits': `echo 'rm 17956-1-1.yaml' | ${SFTP}`,
  'renaming what waits': `echo 'rename 17956-1-1.yaml other.yaml' | ${SFTP}`,
  'making a folder': `echo 'mkdir folder' | ${SFTP}`,
  'making a link': `echo 'ln -s ../web2 way' | ${SFTP}`,
  "writing to another server's folder": `echo 'put /etc/hostname ../web2/17956-1-2.yaml' | ${SFTP}`,
  'writing to the spool': `echo 'put /etc/hostname /17956-1-2.yaml' | ${SFTP}`,
  'writing outside of the spool': `echo 'put /etc/hostname ../../../tmp/17956-1-2.yaml' | ${SFTP}`,
  'a file beyond the size of an intent': `truncate -s 8M /tmp/big.yaml; scp -q -F /etc/banspool/ssh_config /tmp/big.yaml firewall:`,
};

test('can do nothing else with its key', async ({ network }) => {
  const web1 = network.server(1);
  await network.stopController();
  await web1.sh(
    'echo waits >/tmp/17956-1-1.yaml; scp -q -F /etc/banspool/ssh_config /tmp/17956-1-1.yaml firewall:',
  );
  const files = async (): Promise<string> =>
    network.firewall.sh(
      'cd /var/spool/banspool; find . /tmp -type f ! -size +4M -printf "%p %s %u\\n" -o -type l -o -type d -path "*folder*" | sort',
    );
  const before = await files();

  const worked: string[] = [];
  for (const [what, script] of Object.entries(ATTEMPTS)) {
    const { code, stdout, stderr } = await web1.exec(['sh', '-c', script]);
    // sftp goes on after a listing that was denied, and exits with 0.
    const isDenied = code !== 0 || /denied/i.test(stderr);
    if (!isDenied || (what.startsWith('listing') && stdout.includes('17956'))) worked.push(what);
  }
  const large = await network.firewall.sh('find /var/spool/banspool -size +4M');

  assert.equal(worked, []);
  assert.is((await files()).replace(/^.*big\.yaml.*\n/m, ''), before);
  assert.is(large, '');
  assert.is(
    (await web1.exec(['test', '-e', '/tmp/read'])).code === 0 ? await web1.sh('cat /tmp/read') : '',
    '',
  );
});

test.run();
