/** The ports and names of jails, which may be words of this server alone, and what the firewall hears of them. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../support/run-program.ts';
import { snapshotsOf, sshd } from './jail.ts';
import { Sender, SHELLS } from './sender.ts';

const ports = suite('ports of a jail');

/** The ports of a ban of a jail whose port is this, as the firewall takes them. */
async function heardOf(sender: Sender, port: string, shell: readonly string[] = ['dash']): Promise<string> {
  for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));
  const words = ['ban', '--jail', 'web', '--ip', '192.0.2.7', '--ports', port];
  const ran = await sender.run(['queue', ...words], { shell });
  assert.is(ran.code, 0, ran.stderr);
  const [intent] = sender.intents;
  return intent !== undefined && 'ports' in intent ? (intent.ports ?? '') : '';
}

for (const shell of SHELLS) {
  ports(`words for all ports are all ports, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    const heard = [];

    for (const word of ['any', 'anyport', 'all', '0', '', '0:65535', ' ', ','])
      heard.push(await heardOf(sender, word, shell));

    assert.equal(new Set(heard), new Set(['all']));
    assert.equal(sender.log, []);
  });

  ports(
    `blanks, and commas with nothing behind them, are as good as commas, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      const heard = [];

      for (const list of ['22 80', '22,', ' 22 , 80', '22\n80', '8000-8010 22', 'ssh\thttp'])
        heard.push(await heardOf(sender, list, shell));

      assert.equal(heard, ['22,80', '22', '22,80', '22,80', '22,8000:8010', '22,80']);
    },
  );

  ports(`what is no port is all ports, and that is told, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    const odd = [
      'ssh,nonesuch',
      '65536',
      '30:20',
      '22;id',
      '*',
      '22:',
      'a:b',
      '$(touch hacked)',
      '4'.repeat(30),
    ];

    for (const list of odd) assert.is(await heardOf(sender, list, shell), 'all', list);

    assert.equal(
      sender.log,
      odd.map(
        (list) =>
          `warning: jail web: "${list}" is neither a port nor a service of this server: read as all ports`,
      ),
    );
    assert.not(fs.existsSync('hacked'));
  });
}

ports('a service that this server alone knows is its number', async () => {
  await using sender = new Sender();
  const own = join(sender.folder, 'services');
  fs.writeFileSync(own, '# zmweb 1/tcp\nzmhttp\t7071/tcp\tzmweb # of zimbra\nzmweb 9/udp\nbroken x/tcp\n');
  // A machine without netbase has no such file, and the tests may make none.
  if (!fs.existsSync('/etc/services')) return;
  await outputOf(['mount', '--bind', own, '/etc/services']);

  const heard = [
    await heardOf(sender, 'zmweb,22'),
    await heardOf(sender, 'zmhttp'),
    await heardOf(sender, 'broken'),
  ];

  await outputOf(['umount', '/etc/services']);
  assert.equal(heard, ['22,7071', '7071', 'all']);
});

ports(
  'a service that only getent knows is its number, and one that it takes too long for is not waited for',
  async () => {
    await using sender = new Sender();
    sender.replaceProgram(
      'getent',
      '[ $1/$2 = services/zmweb ] && echo "zmweb  7071/tcp" || exec /bin/sleep 60',
    );

    assert.is(await heardOf(sender, 'zmweb'), '7071');
    assert.is(await heardOf(sender, 'ldapweb'), 'all');
  },
);

for (const shell of SHELLS) {
  ports(`a jail whose ports stand on several lines has its snapshot, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    const heard = [];
    for (const port of ['http\nhttps', 'http\nnonesuch']) {
      await sender.startFail2ban({ ...sshd(''), 'get sshd action iptables-remote port': `${port}\n` });
      const taken = await snapshotsOf(sender, { shell });
      heard.push(taken.at(-1)?.ports);
      for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));
    }

    assert.equal(heard, ['80,443', 'all']);
  });
}

ports('a jail of all ports is so in its snapshot, whatever its port', async () => {
  await using sender = new Sender();
  const { status = '', ...rest } = sshd('');
  await sender.startFail2ban({
    ...{ status, 'get sshd banip --with-time': rest['get sshd banip --with-time'] ?? '' },
    'get sshd actions':
      'The jail sshd has the following actions:\niptables-remote-allports, iptables-remote-allports-x\n',
    ...answersOf('iptables-remote-allports', 'sshd', 'all'),
    // What [name=allports-x] makes of the other action.
    ...answersOf('iptables-remote-allports-x', 'allports-x', '<port>'),
  });

  const taken = await snapshotsOf(sender);

  assert.equal(taken.map((each) => `${each.jail} ${each.ports ?? ''}`).toSorted(), [
    'allports-x 22',
    'sshd all',
  ]);
});

const answersOf = (action: string, name: string, all: string): Record<string, string> => ({
  [`get sshd action ${action} name`]: `${name}\n`,
  [`get sshd action ${action} port`]: 'ssh\n',
  [`get sshd action ${action} ports`]: `${all}\n`,
  [`get sshd action ${action} protocol`]: 'tcp\n',
});

const names = suite('names of jails');

for (const shell of SHELLS) {
  names(
    `a name that the firewall would refuse is another there, and no two the same, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      const odd = [
        'my jail',
        'my-jail',
        'my:jail',
        'müller',
        'mäller',
        '_x',
        '-x',
        '--x',
        '.x',
        'x'.repeat(65),
        'x'.repeat(66),
      ];
      odd.push("x'y", 'x"y', 'x;id', 'x\ny', '$(touch hacked)', 'a/b', '..', 'my-jail-3603994406');

      for (const jail of odd) {
        const ran = await sender.run(['queue', 'stop', '--jail', jail], { shell });
        assert.is(ran.code, 0, ran.stderr);
      }

      const heard = sender.intents.map(({ jail }) => jail);
      assert.is(
        new Set(heard).size,
        odd.length - 1,
        'only who calls a jail as another is called here has its name',
      );
      assert.ok(heard.includes('my-jail-3603994406'));
      assert.not(fs.existsSync('hacked'));
    },
  );
}

names('a jail with a blank in its name has a snapshot under the name of its bans', async () => {
  await using sender = new Sender();
  const answers = Object.entries(sshd('192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27'));
  await sender.startFail2ban(
    Object.fromEntries(
      answers.map(([question, text]) => [
        question.replace('sshd', 'mein jäil'),
        text.replace('sshd', 'mein jäil'),
      ]),
    ),
  );
  await sender.queue('stop', '--jail', 'mein jäil');
  const jail = sender.intents[0]?.jail;
  fs.rmSync(join(sender.outbox, `.unsettled,${jail ?? ''}`));

  const taken = await snapshotsOf(sender);

  assert.equal(
    taken.map((each) => [each.jail, each.bans.length]),
    [[jail, 1]],
  );
});

ports.run();
names.run();
