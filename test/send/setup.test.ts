/** What banspool-send setup makes on a server, with the real ssh-keygen; ssh-keyscan stands in for a firewall. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf, type Ran } from '../support/run-program.ts';
import { Sender, SHELLS } from './sender.ts';

const setup = suite('banspool-send setup');

/** A server on which nothing is set up yet. */
class NewServer extends Sender {
  readonly etc = join(this.folder, 'etc');

  constructor() {
    super();
    const key = join(this.folder, 'host_key');
    this.replaceProgram('uname', 'echo WEB1.example.net');
    this.replaceProgram(
      'ssh-keyscan',
      `echo "$*" >>$world/scans
[ ! -e $world/silent ] || exit 1
[ -e ${key} ] || ssh-keygen -q -t ed25519 -N '' -C '' -f ${key}
for host; do :; done
echo "$host $(cat ${key}.pub)"`,
    );
  }

  async setUp(words: readonly string[], shell: readonly string[] = ['dash']): Promise<Ran> {
    return this.run(['setup', ...words], { shell, env: { BANSPOOL_SEND_CONF: join(this.etc, 'send.conf') } });
  }

  read(name: string): string {
    return fs.readFileSync(join(this.etc, name), 'utf8');
  }

  get scans(): string {
    return fs.readFileSync(join(this.folder, 'scans'), 'utf8');
  }
}

for (const shell of SHELLS) {
  setup(
    `makes a key and the configs by one connection, and says what is next, under ${shell.join(' ')}`,
    async () => {
      await using server = new NewServer();

      const ran = await server.setUp(['fw.example.net'], shell);

      assert.is(ran.code, 0, ran.stderr);
      assert.is(server.scans, '-t ed25519 -- fw.example.net\n');
      assert.is(server.read('send.conf'), 'firewall = fw.example.net\nserver = web1\ntransport = rsync\n');
      assert.match(server.read('ssh_config'), /^Host fw\.example\.net\n {2}User fail2ban\n/);
      assert.is(fs.statSync(join(server.etc, 'key')).mode & 0o777, 0o600);
      assert.ok(
        ran.stdout.includes(`echo '${server.read('key.pub').trim()}' | banspool server add web1 --key -`),
      );
      const fingerprint = await outputOf(['ssh-keygen', '-lf', join(server.folder, 'host_key.pub')]);
      assert.ok(ran.stdout.includes(fingerprint.split(' ')[1] ?? '?'), ran.stdout);
    },
  );
}

setup('again changes nothing, keeps the key, and connects no more', async () => {
  await using server = new NewServer();
  await server.setUp(['fw.example.net']);
  const before = fs.readdirSync(server.etc).map((name) => [name, server.read(name)]);

  const again = await server.setUp(['fw.example.net']);

  assert.is(again.code, 0, again.stderr);
  assert.equal(
    fs.readdirSync(server.etc).map((name) => [name, server.read(name)]),
    before,
  );
  assert.is(server.scans.split('\n').length - 1, 1);
});

setup('does not turn a server that sends somewhere to somewhere else', async () => {
  await using server = new NewServer();
  await server.setUp(['fw.example.net']);

  const others = [
    await server.setUp(['other.example.net']),
    await server.setUp(['fw.example.net', '--server', 'web2']),
    await server.setUp(['fw.example.net', '--scp']),
  ];

  assert.equal(
    others.map(({ code, stderr }) => [code, /error: .*send\.conf has (.*)/.exec(stderr)?.[1]]),
    [
      [1, 'firewall = fw.example.net, not other.example.net'],
      [1, 'server = web1, not web2'],
      [1, 'transport = rsync, not scp'],
    ],
  );
});

for (const shell of SHELLS) {
  setup(`adds a firewall beside the first, with the same key, under ${shell.join(' ')}`, async () => {
    await using server = new NewServer();
    await server.setUp(['fw1'], shell);
    const key = server.read('key');
    for (const name of ['send.conf', 'ssh_config'])
      fs.writeFileSync(join(server.etc, name), server.read(name).trimEnd());

    const ran = await server.setUp(['fw2', '--add'], shell);
    const again = await server.setUp(['fw2', '--add'], shell);
    const first = await server.setUp(['fw1'], shell);

    assert.equal([ran.code, again.code, first.code], [0, 0, 0], ran.stderr + again.stderr + first.stderr);
    assert.is(server.read('send.conf'), 'firewall = fw1\nserver = web1\ntransport = rsync\nfirewall = fw2\n');
    assert.equal(server.read('ssh_config').match(/^Host .*|^ {2}User .*/gm), [
      ...['Host fw1', '  User fail2ban'],
      ...['Host fw2', '  User fail2ban'],
    ]);
    assert.equal(server.read('known_hosts').match(/^\S+/gm), ['fw1', 'fw2']);
    assert.is(server.read('key'), key);
    assert.match(ran.stdout, /^1\. The host key of fw2 is fw2 ED25519 /m);
  });
}

setup('adds a firewall under the name and by the transport that the first has', async () => {
  await using server = new NewServer();
  await server.setUp(['fw1', '--server', 'mail', '--scp']);

  const ran = await server.setUp(['fw2', '--add']);
  const other = await server.setUp(['fw3', '--add', '--server', 'web2']);

  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /\| banspool server add mail --scp --key -\n/);
  assert.match(server.read('ssh_config'), /^Host fw2\n {2}User banspool-mail$/m);
  assert.match(other.stderr, /send\.conf has server = mail, not web2\n/);
  assert.not.match(server.read('send.conf'), 'fw3');
});

setup('without --add names it to who wants a second firewall', async () => {
  await using server = new NewServer();
  await server.setUp(['fw1']);

  const other = await server.setUp(['fw2']);
  const both = await server.setUp(['fw1', 'fw2']);

  assert.match(other.stderr, /hint: to send to both, add --add; /);
  assert.match(both.stderr, /hint: banspool-send setup fw1; then: banspool-send setup fw2 --add\n/);
});

setup('by scp logs in to an account of its own', async () => {
  await using server = new NewServer();

  const ran = await server.setUp(['fw.example.net', '--scp', '--server', 'mail']);

  assert.is(ran.code, 0, ran.stderr);
  assert.match(server.read('ssh_config'), /^ {2}User banspool-mail$/m);
  assert.match(ran.stdout, / \| banspool server add mail --scp --key -$/m);
});

setup('without an answer of the firewall leaves no config that the timer would act on', async () => {
  await using server = new NewServer();
  fs.writeFileSync(join(server.folder, 'silent'), '');

  const ran = await server.setUp(['fw.example.net']);

  assert.is(ran.code, 1);
  assert.match(ran.stderr, /error: no sshd answers on fw\.example\.net with an ed25519 host key/);
  assert.not(fs.existsSync(join(server.etc, 'send.conf')));
});

const NAME_RULE = `is not a valid server name: a name is 1-63 characters of a-z 0-9 . - and begins with a letter or digit`;

setup('says which name cannot be, and what one looks like', async () => {
  await using server = new NewServer();
  server.replaceProgram('uname', 'echo my_server');

  const refused = [
    await server.setUp(['fw.example.net']),
    await server.setUp(['fw.example.net', '--server', '-x']),
    await server.setUp(['fw.example.net', '--server', 'a'.repeat(64)]),
    await server.setUp(['fw example']),
    await server.setUp([]),
    await server.setUp(['a', 'b']),
  ];

  assert.equal(
    refused.map(({ code, stderr }) => [code, /error: (.*)/.exec(stderr)?.[1]]),
    [
      [2, `"my_server" ${NAME_RULE}`],
      [2, `"-x" ${NAME_RULE}`],
      [2, `"${'a'.repeat(64)}" ${NAME_RULE}`],
      [2, `"fw example" is not a valid name or address of a firewall`],
      [2, "setup needs the firewall's name or address"],
      [2, 'setup takes one firewall; "b" is a second one'],
    ],
  );
});

setup.run();
