/** What whoever steals a server's key can do with it: drop that server's intents, and nothing else. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GuardedNetwork } from '../lab/guarded-network.ts';
import { eventually } from '../support/eventually.ts';
import type { Ran } from '../support/run-program.ts';

const test = suite<{ network: GuardedNetwork }>("a server's key");

test.before(async (context) => {
  context.network = await GuardedNetwork.build();
  // What is dropped stays, so that there is something to read, overwrite and delete.
  await context.network.stopController();
  await context.network.server(2).sh('fail2ban-client set sshd banip 198.51.100.22');
  await context.network.untilShipped(context.network.server(2));
});
test.after(async ({ network }) => {
  await network[Symbol.asyncDispose]();
});

const SSH = 'ssh -F /etc/banspool/ssh_config -o BatchMode=yes';
const RSYNC = `rsync -e '${SSH}'`;

/** Each is tried on web1 with its key, and fails. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'a shell': `${SSH} firewall`,
  'a command': `${SSH} firewall id`,
  'a command behind an rsync': `${SSH} firewall 'rsync --server -e.L . .; id'`,
  sftp: `sftp -F /etc/banspool/ssh_config -b /dev/null firewall`,
  'old scp': `scp -O -F /etc/banspool/ssh_config /etc/hostname firewall:`,
  reading: `${RSYNC} 'firewall:*.yaml' /tmp/`,
  'reading a whole folder': `${RSYNC} -r firewall:. /tmp/read/`,
  'reading another folder': `${RSYNC} -r firewall:../web2/ /tmp/read/`,
  'reading by the full path': `${RSYNC} -r firewall:/var/spool/banspool/web2/ /tmp/read/`,
  listing: `${RSYNC} firewall:`,
  deleting: `mkdir -p /tmp/nothing && ${RSYNC} -r --delete /tmp/nothing/ firewall:`,
  'another folder by ..': `${RSYNC} /tmp/x.yaml firewall:../web2/`,
  'another folder by its path': `${RSYNC} /tmp/x.yaml firewall:/var/spool/banspool/web2/`,
  'a symbolic link': `ln -sfn ../web2 /tmp/way && ${RSYNC} -l /tmp/way firewall:`,
  'a folder': `mkdir -p /tmp/made && ${RSYNC} -r /tmp/made firewall:`,
  'a FIFO': `[ -p /tmp/fifo ] || mkfifo /tmp/fifo; ${RSYNC} -D /tmp/fifo firewall:`,
  'a hard link': `${RSYNC} -rH --link-dest=../web2 /tmp/made firewall:`,
  'a temporary folder elsewhere': `${RSYNC} --temp-dir=/var/lib/banspool-keys/.ssh /tmp/x.yaml firewall:`,
  'a backup elsewhere': `${RSYNC} --backup --backup-dir=../web2 /tmp/x.yaml firewall:`,
  'a log file elsewhere': `${RSYNC} -M--log-file=/tmp/pwned /tmp/x.yaml firewall:`,
  'a file of a gigabyte': `truncate -s 1G /tmp/big.yaml && ${RSYNC} --whole-file /tmp/big.yaml firewall:`,
};

for (const [what, script] of Object.entries(ATTEMPTS)) {
  test(`is refused ${what}, and that is logged on the firewall`, async ({ network }) => {
    const web1 = network.server(1);
    await web1.sh('echo "not an intent" >/tmp/x.yaml');
    const before = await everything(network);
    const logged = network.firewall.log().length;

    const ran = await web1.exec(['sh', '-c', script]);

    assert.is.not(ran.code, 0, said(ran));
    assert.equal(await everything(network), before);
    await eventually(() => {
      assert.match(network.firewall.log().slice(logged), /banspool-receive: web1 \(203\.0\.113\.11 .*\): /);
    });
    assert.not.match(said(ran), /uid=\d/);
  });
}

/** Each would reach an sshd, which greets with its name, or ends at once where the firewall does not open the port. */
const FORWARDS: Readonly<Record<string, readonly [options: string, look: string]>> = {
  'a port here': ['-L 2222:127.0.0.1:22', 'socat -T1 - TCP:127.0.0.1:2222'],
  'a proxy': ['-D 1080', 'socat -T1 - SOCKS4:127.0.0.1:127.0.0.1:22,socksport=1080'],
};

for (const [what, [options, look]] of Object.entries(FORWARDS)) {
  test(`is refused to forward ${what}`, async ({ network }) => {
    const web1 = network.server(1);
    const forward = web1.spawn(['sh', '-c', `exec ${SSH} ${options} -N firewall`]);
    const port = /\d{4}/.exec(options)?.[0] ?? '';
    await eventually(() => web1.sh(`ss -Hltn sport = ${port} | grep -q LISTEN`));

    const ran = await web1.exec(['sh', '-c', `timeout 3 ${look} </dev/null`]);
    // socat does not wait for what the firewall says to it.
    await eventually(() => {
      assert.match(forward.stderr, /open failed: administratively prohibited/);
    });

    await web1.sh("pkill -f '[s]sh.* -N firewall'");
    await forward.ended;

    assert.not.match(said(ran), /SSH-2\.0/);
  });
}

test('is refused to forward a port there', async ({ network }) => {
  const ran = await network
    .server(1)
    .exec(['sh', '-c', `timeout 10 ${SSH} -o ExitOnForwardFailure=yes -R 2222:127.0.0.1:22 -N firewall`]);

  assert.is(ran.code, 255);
  assert.match(ran.stderr, 'remote port forwarding failed for listen port 2222');
});

test('does not overwrite a file that waits', async ({ network }) => {
  const web1 = network.server(1);
  const path = '/var/spool/banspool/web1/17956-1-1.yaml';
  await web1.sh(`echo first >/tmp/17956-1-1.yaml; ${RSYNC} /tmp/17956-1-1.yaml firewall:`);

  await web1.sh(`echo second, and longer >/tmp/17956-1-1.yaml; ${RSYNC} -I /tmp/17956-1-1.yaml firewall:`);

  assert.is(network.firewall.read(path), 'first\n');
  await network.firewall.sh(`rm ${path}`);
});

test('cannot be used from elsewhere where it is bound to an address', async ({ network }) => {
  const key = await network.server(1).sh('cat /etc/banspool/key.pub');
  const add = async (from: readonly string[]): Promise<Ran> =>
    network.firewall.exec(['banspool', 'server', 'add', 'web1', '--key', '-', ...from], { input: key });
  await add(['--from', '203.0.113.77']);

  await eventually(async () => {
    assert.match(
      (await network.server(1).exec(['banspool-send', 'check'])).stdout,
      'does not accept this key',
    );
  });
  await add(['--from', '203.0.113.11,2001:db8::/32']);
  const here = await network.server(1).exec(['sh', '-c', `${RSYNC} /tmp/x.yaml firewall:x.yaml`]);
  await add([]);

  assert.is(here.code, 0, said(here));
  await network.firewall.sh('rm /var/spool/banspool/web1/x.yaml');
});

test('is good from a network that was typed with host bits, and doctor finds one that a hand wrote', async ({
  network,
}) => {
  const keys = '/var/lib/banspool-keys/.ssh/authorized_keys';
  const tries = async (): Promise<Ran> => {
    await network.firewall.sh('rm -f /var/spool/banspool/web1/z.yaml');
    return network.server(1).exec(['sh', '-c', `${RSYNC} /tmp/x.yaml firewall:z.yaml`]);
  };
  const add = await network.banspool('server', 'add', 'web1', '--from', '203.0.113.10/24,2001:db8::1/32');
  const typed = await tries();
  const good = await network.banspool('doctor');
  await network.firewall.sh(`sed -i 's#203.0.113.0/24#203.0.113.10/24#' ${keys}`);
  const written = await tries();
  const bad = await network.banspool('doctor');
  const mend = /web1: .*\n +fix: (.*)/.exec(bad.stdout)?.[1] ?? 'false';
  await network.firewall.sh(mend);
  const mended = await tries();
  await network.firewall.sh(`sed -i 's#from="[^"]*",##' ${keys}`);

  assert.match(add.stderr, 'web1 is allowed, from 203.0.113.0/24,2001:db8::/32');
  assert.is(typed.code, 0, said(typed));
  assert.match(good.stdout, 'good  web1: connects by rsync');
  assert.match(said(written), 'Permission denied');
  assert.match(bad.stdout, /bad {3}web1: .* but sshd does not read "203\.0\.113\.10\/24" as a network/);
  assert.is(mended.code, 0, said(mended));
  await network.firewall.sh('rm -f /var/spool/banspool/web1/z.yaml');
});

/** Each is done to the firewall, is told by doctor in these words, and is taken back. */
const DAMAGES: Readonly<Record<string, readonly [damage: string, told: RegExp, mend: string]>> = {
  'an account without a shell': [
    'usermod --shell /usr/sbin/nologin fail2ban',
    /bad {3}fail2ban has the shell \/usr\/sbin\/nologin/,
    'usermod --shell /bin/sh fail2ban',
  ],
  'keys that others may write': [
    'chmod g+w /var/lib/banspool-keys/.ssh/authorized_keys',
    /bad {3}\/var\/lib\/banspool-keys\/\.ssh\/authorized_keys is writable by users other than root/,
    'chmod g-w /var/lib/banspool-keys/.ssh/authorized_keys',
  ],
  'a line that lets somebody in': [
    'echo "ssh-ed25519 AAAAC3 somebody" >>/var/lib/banspool-keys/.ssh/authorized_keys',
    /warn {2}.*a line that banspool did not write allows a login: ssh-ed25519 AAAAC3 somebody/,
    'sed -i /somebody/d /var/lib/banspool-keys/.ssh/authorized_keys',
  ],
  'a folder that all may read': [
    'chmod 2775 /var/spool/banspool/web2',
    /bad {3}web2: \/var\/spool\/banspool\/web2 is not banspool:fail2ban, mode 2770/,
    'chmod 2770 /var/spool/banspool/web2',
  ],
  'an sshd that reads other keys': [
    'echo "AuthorizedKeysFile /etc/keys" >/etc/ssh/sshd_config.d/other.conf',
    /bad {3}sshd does not read \.ssh\/authorized_keys of fail2ban/,
    'rm /etc/ssh/sshd_config.d/other.conf',
  ],
  'keys that sshd cannot read': [
    'chmod 640 /var/lib/banspool-keys/.ssh/authorized_keys',
    /bad {3}fail2ban cannot read \/var\/lib\/banspool-keys\/\.ssh\/authorized_keys: no server can connect/,
    'chmod 644 /var/lib/banspool-keys/.ssh/authorized_keys',
  ],
  'an account that sshd keeps out': [
    'echo "DenyUsers mail fail2*" >/etc/ssh/sshd_config.d/other.conf',
    /bad {3}sshd refuses fail2ban: DenyUsers mail fail2\*/,
    'rm /etc/ssh/sshd_config.d/other.conf',
  ],
  'an sshd for other groups': [
    'echo "AllowGroups adm wheel" >/etc/ssh/sshd_config.d/other.conf',
    /bad {3}sshd allows only these groups, and fail2ban is in none of them: adm wheel/,
    'rm /etc/ssh/sshd_config.d/other.conf',
  ],
  'an sshd without PAM': [
    'sed -i.before "s/^UsePAM.*/UsePAM no/" /etc/ssh/sshd_config',
    /bad {3}sshd does not use PAM \(UsePAM no\) and refuses fail2ban, whose password is locked/,
    'mv /etc/ssh/sshd_config.before /etc/ssh/sshd_config',
  ],
  'a spool that was moved': [
    'mkdir /etc/banspool; echo "spool: /srv/spool" >/etc/banspool/config.yaml',
    /bad {3}web2: its key writes to \/var\/spool\/banspool\/web2, but the controller reads \/srv\/spool\/web2/,
    'rm -r /etc/banspool',
  ],
  'keys that sshd cannot get to': [
    'chmod 750 /var/lib/banspool-keys',
    /bad {3}sshd, which reads keys as the account of each server, cannot enter \/var\/lib\/banspool-keys: /,
    'chmod 755 /var/lib/banspool-keys',
  ],
  'a spool that nobody can enter': [
    'chmod 750 /var/spool/banspool',
    /bad {3}the accounts that write below \/var\/spool\/banspool cannot enter it/,
    'chmod 755 /var/spool/banspool',
  ],
  'an sshd that wants a password too': [
    'echo "AuthenticationMethods publickey,password" >/etc/ssh/sshd_config.d/other.conf',
    /bad {3}sshd requires more than a key from fail2ban: AuthenticationMethods publickey,password/,
    'rm /etc/ssh/sshd_config.d/other.conf',
  ],
  'an sshd with a command of its own': [
    'echo "ForceCommand /bin/true" >/etc/ssh/sshd_config.d/other.conf',
    /bad {3}sshd does not run the forced command of keys as fail2ban: ForceCommand \/bin\/true/,
    'rm /etc/ssh/sshd_config.d/other.conf',
  ],
  'an sshd for others only': [
    'echo "AllowUsers somebody else" >/etc/ssh/sshd_config.d/other.conf',
    /bad {3}sshd allows only these users, not fail2ban: somebody else/,
    'rm /etc/ssh/sshd_config.d/other.conf',
  ],
};

test('is in order, says doctor, also where sshd has lists of who may come', async ({ network }) => {
  const lists =
    'AllowUsers admin fail2* root\\nAllowGroups adm fail2ban\\nAuthorizedKeysFile %%h/.ssh/authorized_keys';
  await network.firewall.sh(`printf '${lists}\\n' >/etc/ssh/sshd_config.d/other.conf`);

  const good = await network.banspool('doctor');
  await network.firewall.sh('rm /etc/ssh/sshd_config.d/other.conf');

  assert.match(good.stdout, 'good  sshd allows these accounts');
});

test('stays in order whatever the umask of who adds and removes others', async ({ network }) => {
  const script = `umask 077; ssh-keygen -q -t ed25519 -N '' -f /tmp/web9
    banspool server add web9 --key /tmp/web9.pub; banspool server remove web9`;
  await network.firewall.sh(script);

  const here = await network.server(1).exec(['sh', '-c', `${RSYNC} /tmp/x.yaml firewall:y.yaml`]);

  assert.is(here.code, 0, said(here));
  await network.firewall.sh('rm /var/spool/banspool/web1/y.yaml');
});

test('is there afterwards, when many are added at once', async ({ network }) => {
  const names = Array.from({ length: 6 }, (_, index) => `many${index}`);
  const added = await Promise.all(
    names.map((name) =>
      network.firewall.exec([
        ...[
          'sh',
          '-ec',
          `ssh-keygen -q -t ed25519 -N '' -f /tmp/$0; banspool server add $0 --key /tmp/$0.pub`,
          name,
        ],
      ]),
    ),
  );
  const list = await network.banspool('server', 'list');
  for (const name of names) await network.banspool('server', 'remove', name);

  for (const ran of added) assert.is(ran.code, 0, ran.stderr);
  for (const name of names) assert.match(list.stdout, new RegExp(`^${name} `, 'm'));
});

test('that lets somebody in already by a line of somebody else is not added', async ({ network }) => {
  const script = `ssh-keygen -q -t ed25519 -N '' -f /tmp/old; cat /tmp/old.pub >>/var/lib/banspool-keys/.ssh/authorized_keys
    banspool server add web8 --key /tmp/old.pub || echo "refused: $?"; sed -i '/ssh-ed25519.*@/d' /var/lib/banspool-keys/.ssh/authorized_keys`;

  const ran = await network.firewall.exec(['sh', '-c', script]);

  assert.match(ran.stderr, /error: a line that banspool did not write already allows this key/);
  assert.is(ran.stdout, 'refused: 2\n');
});

test('is in order, says doctor, and tells what is not', async ({ network }) => {
  const good = await network.banspool('doctor');
  const told: Record<string, string> = {};
  for (const [what, [damage, , mend]] of Object.entries(DAMAGES)) {
    await network.firewall.sh(damage);
    told[what] = (await network.banspool('doctor')).stdout;
    await network.firewall.sh(mend);
  }

  assert.match(good.stdout, /good {2}.*authorized_keys: 2 keys, each limited to its folder/);
  assert.match(good.stdout, 'good  rrsync runs');
  assert.match(good.stdout, 'good  sshd allows these accounts');
  for (const [what, [, words]] of Object.entries(DAMAGES)) assert.match(told[what] ?? '', words, what);
});

test('lets nobody in any more once it is removed, by no connection that stands either', async ({
  network,
}) => {
  const web1 = network.server(1);
  const unban = 'banspool-send queue unban --jail sshd --ip 198.51.100.99';
  await web1.sh(`${unban}; banspool-send ship`);
  const standing = await web1.sh('ls -d /var/spool/banspool-send/.ssh-*');
  const removed = await network.banspool('server', 'remove', 'web1');

  const ran = await web1.exec(['sh', '-c', `${RSYNC} /tmp/x.yaml firewall:`]);
  await web1.sh(unban);

  assert.match(standing, '.ssh-');
  assert.is(removed.code, 0, removed.stderr);
  assert.match(removed.stderr, 'open connections of fail2ban closed');
  assert.match(ran.stderr, 'Permission denied');
  await eventually(async () => {
    assert.match(
      (await web1.exec(['banspool-send', 'status'])).stdout,
      /1 intents wait .*\n.*Permission denied/s,
    );
  });
  assert.not.match((await network.banspool('server', 'list')).stdout, /^web1/m);
});

/** Every file that the key might touch, and the accounts' keys. */
async function everything(network: GuardedNetwork): Promise<string> {
  return network.firewall.sh(
    'cd /; find var/spool/banspool var/lib/banspool-keys tmp -newermt @0 ! -path "*/.*.yaml.*" -printf "%p %y %s %u %g %m %T@\\n" | grep -v "^tmp d\\|banspool/web1 d\\|v8-compile" | sort; ls -l /run/banspool',
  );
}

function said({ stdout, stderr }: Ran): string {
  return stdout + stderr;
}

test.run();
