/** send.conf, the one small file that a server's side is configured by. */
import * as fs from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sender, SHELLS } from './sender.ts';

const config = suite('send.conf');

/** What is said of a file with these lines; nothing when it is good. */
async function mistakeIn(sender: Sender, text: string): Promise<string> {
  fs.writeFileSync(sender.conf, text);
  const { code, stderr } = await sender.run(['status']);
  const said = stderr.replaceAll(sender.conf, 'CONF').replace(/^banspool-send: error: /, '');
  return code === 2 ? said : `exit code ${code}`;
}

for (const shell of SHELLS) {
  config(
    `blanks, comments, empty lines and a missing last line feed are no mistake, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      fs.writeFileSync(
        sender.conf,
        `# ours\n\n \t firewall\t=  fw2.example.net \t\n  # more\nserver=web1\ntransport = scp\noutbox=${sender.outbox}`,
      );

      const ran = await sender.run(['status'], { shell });

      assert.equal(ran, { code: 0, stdout: 'nothing waits for fw2.example.net\n', stderr: '' });
      assert.ok(fs.existsSync(sender.outbox));
    },
  );
}

config('a mistake is told with its line and what helps', async () => {
  await using sender = new Sender();
  const good = 'firewall = fw\nserver = web1\n';
  const cases: readonly (readonly [string, string])[] = [
    ['firewall fw\n', 'CONF:1: "firewall fw" is not KEY = VALUE'],
    [`${good}\n# x\nfirewal = fw\n`, 'CONF:5: unknown key "firewal"'],
    [`${good}transport = ftp\n`, 'CONF:3: "ftp" is not a valid value of transport'],
    [`${good}outbox = spool\n`, 'CONF:3: "spool" is not a valid value of outbox'],
    [`${good}outbox = /var/a b\n`, 'CONF:3: "/var/a b" is not a valid value of outbox'],
    [`${good}ssh_config = /etc/%h\n`, 'CONF:3: "/etc/%h" is not a valid value of ssh_config'],
    [`${good}fail2ban_socket = -x\n`, 'CONF:3: "-x" is not a valid value of fail2ban_socket'],
    [`${good}outbox_max = 99\n`, 'CONF:3: "99" is not a valid value of outbox_max'],
    [`${good}outbox_max = 0200\n`, 'CONF:3: "0200" is not a valid value of outbox_max'],
    [
      `${good}outbox_max = ${'9'.repeat(30)}\n`,
      `CONF:3: "${'9'.repeat(30)}" is not a valid value of outbox_max`,
    ],
    [`${good}sshguard_bantime = 0\n`, 'CONF:3: "0" is not a valid value of sshguard_bantime'],
    [`${good}sshguard_ports = 22;id\n`, 'CONF:3: "22;id" is not a valid value of sshguard_ports'],
    ['firewall = -oProxyCommand=id\n', 'CONF:1: "-oProxyCommand=id" is not a valid value of firewall'],
    ['firewall = $(id)\n', 'CONF:1: "$(id)" is not a valid value of firewall'],
    ['firewall =\n', 'CONF:1: "" is not a valid value of firewall'],
    ['server = Web1\n', 'CONF:1: "Web1" is not a valid server name'],
    ['server = .web1\n', 'CONF:1: ".web1" is not a valid server name'],
    ['server = web1\r\n', 'CONF:1: "web1?" is not a valid server name'],
    ['server = web1\n', 'CONF: firewall is not set'],
    ['firewall = fw\n', 'CONF: server is not set'],
    ['', 'CONF: firewall is not set'],
  ];

  for (const [text, mistake] of cases) {
    const said = await mistakeIn(sender, text);

    assert.match(said, /\nbanspool-send: hint: .+\n$|KEY = VALUE\n$/, JSON.stringify(text));
    assert.is(said.split('\n')[0], mistake);
    if (mistake.endsWith('server name')) assert.match(said, '1-63 characters of a-z 0-9 . - and begins with');
  }
});

config('without the file nothing is queued, and where it is looked for is told', async () => {
  await using sender = new Sender();
  fs.rmSync(sender.conf);

  const ran = await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.7');

  assert.is(ran.code, 2);
  assert.match(ran.stderr, new RegExp(`error: cannot read ${sender.conf}\nbanspool-send: hint: `));
});

for (const shell of SHELLS) {
  config(
    `--help goes to standard output; no command, and one that is unknown, are a mistake of usage, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      fs.rmSync(sender.conf);

      const help = await sender.run(['--help'], { shell });
      const none = await sender.run([], { shell });
      const unknown = await sender.run(['sned\u0007'], { shell });

      assert.is(help.code, 0);
      assert.match(help.stdout, /^Usage: banspool-send COMMAND\n/);
      assert.equal([none.code, none.stdout, none.stderr], [2, '', help.stdout]);
      assert.equal(unknown, {
        code: 2,
        stdout: '',
        stderr:
          'banspool-send: error: unknown command "sned?"\nbanspool-send: hint: banspool-send --help lists the commands\n',
      });
    },
  );
}

config.run();
