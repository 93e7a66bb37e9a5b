/** What banspool-send check says of the way to the firewall, each with its mend. */
import * as fs from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../support/run-program.ts';
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
    ['bad   the host key of fw.example.net is not known here'],
    ['bad   the host key of fw.example.net is not the one that is known'],
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
      assert.match(ran.stderr, /^banspool-send: error: [1-9] of these have to be mended\n$/);
    },
  );
}

check('the jails that have the action are named', async () => {
  await using sender = new Sender();
  sender.replaceProgram('ssh', 'exit 255');
  await sender.startFail2ban({
    status: 'Status\n|- Number of jail:\t3\n`- Jail list:\tmail, nsd, sshd\n',
    'get mail actions': 'The jail mail has the following actions:\nnftables\n',
    'get nsd actions': 'The jail nsd has the following actions:\niptables-remote-tcp, iptables-remote-udp\n',
    'get sshd actions': 'The jail sshd has the following actions:\niptables-remote\n',
  });

  const { stdout } = await sender.run(['check']);

  assert.ok(
    linesOf(stdout).includes('ok    fail2ban: jails with the action iptables-remote: nsd sshd'),
    stdout,
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
    'warn  banspool-send.timer does not run: what did not arrive waits, and there are no snapshots',
    '      systemctl enable --now banspool-send.timer',
    'warn  the last run of banspool-send.service failed',
    '      why: journalctl -u banspool-send.service',
  ]);
});

check.run();
