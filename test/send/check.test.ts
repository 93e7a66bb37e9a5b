/** What banspool-send check says of the way to the firewall, each with its mend. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../support/run-program.ts';
import { snapshotsOf, sshd } from './jail.ts';
import { Sender, SHELLS } from './sender.ts';

const check = suite('banspool-send check');

/** The lines that it prints but for the mends: those of the way to the firewall, when ssh says and ends so. */
async function saidOfSsh(words: string, code: number): Promise<readonly string[]> {
  await using sender = new Sender();
  sender.replaceProgram('ssh', `printf '${words}' >&2; exit ${code}`);
  const { stdout } = await sender.run(['check']);
  return linesOf(stdout).filter((line) => line.includes('fw.example.net') && !line.includes('config'));
}

const linesOf = (stdout: string): readonly string[] =>
  stdout.split('\n').filter((line) => /^(ok|warn|bad) /.test(line));

check('each way in which ssh fails is told apart', async () => {
  const said = [
    await saidOfSsh('Host key verification failed.\\r\\n', 255),
    await saidOfSsh(
      '@  REMOTE HOST IDENTIFICATION HAS CHANGED!  @\\nHost key verification failed.\\r\\n',
      255,
    ),
    await saidOfSsh('fail2ban@fw.example.net: Permission denied (publickey).\\r\\n', 255),
    await saidOfSsh('ssh: connect to host fw port 22: Connection refused\\n', 255),
  ];

  assert.equal(said, [
    ['bad   the host key of fw.example.net is unknown'],
    ['bad   the host key of fw.example.net has changed'],
    ['bad   fw.example.net does not accept this key'],
    ['bad   no connection to fw.example.net: ssh: connect to host fw port 22: Connection refused'],
  ]);
});

check('what ssh says at level INFO alone is told, and no banner', async () => {
  const words = 'Unable to negotiate with 192.0.2.1 port 22: no matching cipher found';
  await using sender = new Sender();
  // Of an option that is given twice, ssh takes the first.
  sender.replaceProgram(
    'ssh',
    `case "$*" in *LogLevel=INFO*LogLevel=ERROR*) ;; *LogLevel=ERROR*) exit 255 ;; esac
printf 'Authorized use only.\\n${words}\\n' >&2
exit 255`,
  );

  const { stdout } = await sender.run(['check']);

  assert.ok(linesOf(stdout).includes(`bad   no connection to fw.example.net: ${words}`), stdout);
});

for (const shell of SHELLS) {
  check(
    `an outbox that cannot be written is one of the things to mend, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      fs.mkdirSync(sender.outbox);
      await outputOf(['mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', sender.outbox]);

      const ran = await sender.run(['check'], { shell });

      await outputOf(['umount', sender.outbox]);
      assert.is(ran.code, 1);
      assert.match(ran.stdout, /^bad {3}the outbox .* cannot be written$/m);
      assert.match(ran.stderr, /^banspool-send: error: [1-9] of these checks failed\n$/);
    },
  );
}

/** What fail2ban answers of an action of this name. */
const answersOf = (
  jail: string,
  action: string,
  { name, port = 'ssh' }: { readonly name: string; readonly port?: string },
): Record<string, string> => ({
  [`get ${jail} action ${action} name`]: `${name}\n`,
  [`get ${jail} action ${action} port`]: `${port}\n`,
  [`get ${jail} action ${action} protocol`]: 'tcp\n',
});

/** A jail whose actions have names of their own (`actname`); the last two are others'. */
const NAMED = {
  status: 'Status\n|- Number of jail:\t1\n`- Jail list:\tweb\n',
  'get web actions': 'The jail web has the following actions:\nfirst, second, mail, smtp.py\n',
  ...answersOf('web', 'first', { name: 'AAA', port: '80' }),
  ...answersOf('web', 'second', { name: 'BBB', port: '443' }),
  'get web action first actionban': '<send> ban --jail "<name>" --ip "<ip>"\n',
  'get web action first ports': '<port>\n',
  'get web action second actionban': '/usr/sbin/banspool-send queue ban --jail "<name>" --ip "<ip>"\n',
  'get web action second ports': 'all\n',
  'get web action mail actionban': 'printf "<ip>" | mail root\n',
  'get web banip --with-time': '\n',
};

for (const shell of SHELLS) {
  const under = `under ${shell.join(' ')}`;

  check(`an action that runs banspool-send counts under any name, ${under}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('ssh', 'exit 255');
    await sender.startFail2ban(NAMED);

    const { stdout } = await sender.run(['check'], { shell });

    assert.ok(linesOf(stdout).includes('ok    fail2ban: jails with the action iptables-remote: web'), stdout);
  });

  check(`actions with names of their own have snapshots, and others' are asked once, ${under}`, async () => {
    await using sender = new Sender();
    await sender.startFail2ban(NAMED);

    const first = await snapshotsOf(sender, { shell });
    sender.answer({ 'get web action mail actionban': 'banspool-send\n' });
    const second = await snapshotsOf(sender, { shell });

    const said = second.map(({ jail, ports = '' }) => `${jail} ${ports}`);
    assert.is(first.length, 2);
    assert.equal(said.sort(), ['AAA 80', 'AAA 80', 'BBB all', 'BBB all']);
  });
}

check('the jails that have the action are named', async () => {
  await using sender = new Sender();
  sender.replaceProgram('ssh', 'exit 255');
  await sender.startFail2ban({
    status: 'Status\n|- Number of jail:\t3\n`- Jail list:\tmail, nsd, sshd\n',
    'get mail actions': 'The jail mail has the following actions:\nnftables\n',
    'get mail action nftables actionban': 'nft add element\n',
    'get nsd actions': 'The jail nsd has the following actions:\niptables-remote-tcp, iptables-remote-udp\n',
    'get sshd actions': 'The jail sshd has the following actions:\niptables-remote\n',
    ...answersOf('nsd', 'iptables-remote-tcp', { name: 'nsd-tcp' }),
    ...answersOf('nsd', 'iptables-remote-udp', { name: 'nsd-udp' }),
    ...answersOf('sshd', 'iptables-remote', { name: 'sshd' }),
  });

  const { stdout } = await sender.run(['check']);

  assert.ok(
    linesOf(stdout).includes('ok    fail2ban: jails with the action iptables-remote: nsd sshd'),
    stdout,
  );
});

check(
  'an action of ours that runs something else, such as the article’s scripts, is one of the things to mend',
  async () => {
    const saidWhen = async (actionban: string): Promise<readonly string[]> => {
      await using sender = new Sender();
      sender.replaceProgram('ssh', 'exit 255');
      await sender.startFail2ban({
        status: 'Status\n|- Number of jail:\t2\n`- Jail list:\tnsd, sshd\n',
        'get nsd actions': 'The jail nsd has the following actions:\niptables-remote\n',
        'get sshd actions': 'The jail sshd has the following actions:\niptables-remote\n',
        ...answersOf('nsd', 'iptables-remote', { name: 'nsd' }),
        ...answersOf('sshd', 'iptables-remote', { name: 'sshd' }),
        'get nsd action iptables-remote actionban': actionban,
        'get sshd action iptables-remote actionban': actionban,
      });
      const { stdout } = await sender.run(['check']);
      return linesOf(stdout).filter((line) => line.includes('runs'));
    };

    const said = [
      await saidWhen('<send> ban --jail "<name>" --ip "<ip>"\n'),
      await saidWhen('/usr/sbin/banspool-send queue ban\n'),
      await saidWhen('/usr/local/bin/banip.sh fail2ban-<name> <ip> <port> <protocol>\n'),
    ];

    assert.equal(said, [
      [],
      [],
      [
        'bad   the action iptables-remote of jail nsd runs "/usr/local/bin/banip.sh fail2ban-<name> <ip> <port> <protocol>", not banspool-send',
      ],
    ]);
  },
);

for (const shell of SHELLS) {
  check(
    `a jail that runs without the action that its files name is one to mend, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      sender.replaceProgram('ssh', 'exit 255');
      await sender.startFail2ban({
        ...answersOf('sshd', 'iptables-remote', { name: 'sshd' }),
        status: 'Status\n|- Number of jail:\t5\n`- Jail list:\tlogs, mail, my jail, sshd, web\n',
        'get logs actions': 'No actions for jail logs\n',
        'get mail actions': 'No actions for jail mail\n',
        'get my jail actions': 'The jail my jail has the following actions:\nnftables\n',
        'get my jail action nftables actionban': 'nft add element\n',
        'get sshd actions': 'The jail sshd has the following actions:\niptables-remote\n',
        'get web actions': 'The jail web has the following actions:\nnftables\n',
        'get web action nftables actionban': 'nft add element\n',
        '-d': [
          "['add', 'logs', 'polling']",
          "['set', 'mail', 'addaction', 'first']",
          "['multi-set', 'mail', 'action', 'first', [['actionban', 'addaction']]]",
          "['set', 'mail', 'addaction', 'smtp.py', '/etc/fail2ban/action.d/smtp.py', {'name': 'mail'}]",
          "['set', 'my jail', 'addaction', 'nftables']",
          "['set', 'my jail', 'addaction', 'iptables-remote-allports']",
          "['set', 'sshd', 'addaction', 'iptables-remote-allports']",
          "['set', 'stopped', 'addaction', 'iptables-remote']",
          "['set', 'web', 'addaction', 'other']",
          '',
        ].join('\n'),
      });

      const { stdout } = await sender.run(['check'], { shell });
      sender.answer({ '-d': '!' });
      const silent = await sender.run(['check'], { shell });

      assert.match(
        stdout,
        /^bad {3}fail2ban runs these jails without their configured action: mail, my jail\n.*reload --restart/m,
      );
      assert.not.match(silent.stdout, /^bad.*without the action/m);
    },
  );
}

check('a key that is another server’s on the firewall is one of the things to mend', async () => {
  const words = 'banspool-receive: this key can only drop files, by rsync, into the folder of ';

  const said = [await saidOfSsh(`${words}web1\\n`, 1), await saidOfSsh(`${words}mail\\n`, 1)];

  const good = 'ok    fw.example.net: host key known, key accepted, no shell';
  assert.equal(said[0], [good]);
  assert.is(said[1]?.[0], good);
  assert.match(
    said[1]?.[1] ?? '',
    /^bad {3}fw\.example\.net knows this key as the key of mail, but .* has server = web1$/,
  );
});

/** What is said of the units, with their mends, where systemd says this of the timer and of the service. */
async function saidOfUnits(isActive: boolean, isFailed: boolean): Promise<readonly string[]> {
  await using sender = new Sender();
  sender.replaceProgram('ssh', 'exit 255');
  sender.replaceProgram(
    'systemctl',
    `case $* in
  'is-active --quiet banspool-send.timer') exit ${isActive ? 0 : 3} ;;
  'is-failed --quiet banspool-send.service') exit ${isFailed ? 0 : 1} ;;
esac
exit 99`,
  );
  const { stdout } = await sender.run(['check']);
  return stdout.split('\n').filter((line) => /banspool-send\.(timer|service)/.test(line));
}

check('a timer that does not run and a service that failed are told, where there is systemd', async () => {
  const without = await saidOfUnits(false, true);
  // Of a namespace of the tests' own.
  fs.mkdirSync('/run/systemd/system', { recursive: true });
  const well = await saidOfUnits(true, false);
  const ill = await saidOfUnits(false, true);
  fs.rmSync('/run/systemd', { recursive: true });

  assert.equal([without, well], [[], ['ok    banspool-send.timer runs']]);
  assert.equal(ill, [
    'warn  banspool-send.timer is not running: undelivered files wait, and no snapshots are sent',
    '      systemctl enable --now banspool-send.timer',
    'warn  the last run of banspool-send.service failed',
    '      see journalctl -u banspool-send.service',
  ]);
});

check(
  'a jail that has another name on the firewall, and ports that this server does not know, are told',
  async () => {
    await using sender = new Sender();
    sender.replaceProgram('ssh', 'exit 255');
    await sender.startFail2ban({
      status: 'Status\n|- Number of jail:\t2\n`- Jail list:\tmy jail, web\n',
      'get my jail actions': 'The jail my jail has the following actions:\niptables-remote\n',
      'get web actions': 'The jail web has the following actions:\niptables-remote\n',
      ...answersOf('my jail', 'iptables-remote', { name: 'my jail' }),
      ...answersOf('web', 'iptables-remote', { name: 'web', port: 'nonesuch,22' }),
    });

    const { stdout } = await sender.run(['check']);

    const said = linesOf(stdout);
    assert.ok(said.includes('ok    jail "my jail" has the name my-jail-3603994406 on the firewall'), stdout);
    assert.ok(said.includes('warn  unknown ports are read as all ports: web: "nonesuch,22"'), stdout);
  },
);

for (const shell of SHELLS) {
  check(`a jail that has no snapshots is one of the things to mend, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('ssh', 'exit 255');
    await sender.startFail2ban({ ...sshd(''), 'get sshd action iptables-remote name': '\n' });

    const { stdout } = await sender.run(['check'], { shell });

    assert.match(
      stdout,
      /^bad {3}no snapshots of these jails: .*: sshd\n {6}check that fail2ban-client get JAIL action ACTION name prints one line/m,
    );
  });
}

check(
  'a fail2ban that has only just been started is waited for, and one that does not run is not',
  async () => {
    await using sender = new Sender();
    sender.replaceProgram('ssh', 'exit 255');
    sender.replaceProgram('systemctl', '[ "$*" = "is-active fail2ban.service" ] && cat $world/unit');
    const stopped = await saidWhen(sender, 'inactive');
    const failed = await saidWhen(sender, 'failed');
    await sender.startFail2ban({ ...sshd(''), status: 'Status\n|- Number of jail:\t0\n`- Jail list:\t\n' });
    const { status = '' } = sshd('');
    fs.writeFileSync(join(sender.folder, 'status'), status);
    sender.replaceProgram('sleep', 'echo >>$world/slept; cp $world/status $world/fail2ban/status');

    const started = await saidWhen(sender, 'active');

    assert.equal(stopped.slice(0, 1), [`warn  fail2ban is not running (${sender.socketPath})`]);
    assert.equal(failed.slice(0, 1), ['bad   fail2ban does not start']);
    assert.equal(started, ['ok    fail2ban: jails with the action iptables-remote: sshd']);
    assert.is(fs.readFileSync(join(sender.folder, 'slept'), 'utf8'), '\n');
  },
);

/** What is said of fail2ban where systemd says this of its unit. */
async function saidWhen(sender: Sender, unit: string): Promise<readonly string[]> {
  fs.writeFileSync(join(sender.folder, 'unit'), `${unit}\n`);
  const { stdout } = await sender.run(['check']);
  return linesOf(stdout).filter((line) => line.includes('fail2ban') && !line.includes('fail2ban@'));
}

check('an sshd that closes the connection before its greeting is told with what it may want', async () => {
  await using sender = new Sender();
  sender.replaceProgram(
    'ssh',
    'printf "kex_exchange_identification: read: Connection reset by peer\\r\\n" >&2; exit 255',
  );

  const { stdout } = await sender.run(['check']);

  assert.match(
    stdout,
    /^bad {3}fw\.example\.net closes the connection before its greeting: kex_.*\n {6}after failed .*PerSourcePenaltyExemptList/m,
  );
});

check('one connection serves for all of it, and none that stood before', async () => {
  await using sender = new Sender();
  sender.replaceProgram(
    'ssh',
    `case "$*" in
  -V) ;;
  *' -O stop '*) rm -f $world/master ;;
  *) [ -e $world/master ] || echo >>$world/connections; : >$world/master; exit 1 ;;
esac`,
  );
  sender.replaceProgram(
    'rsync',
    `case "$*" in *--dry-run*) echo taken; exit ;; esac
for word; do case $word in 'ssh '*) $word fw.example.net ;; esac; done; cat >/dev/null`,
  );
  fs.writeFileSync(join(sender.folder, 'master'), '');

  const ran = await sender.run(['check']);

  assert.is(ran.code, 0, ran.stdout);
  assert.is(fs.readFileSync(join(sender.folder, 'connections'), 'utf8'), '\n');
});

check.run();
