/** The protocols of jails, as iptables takes them, and what the firewall hears of them. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { snapshotsOf, sshd } from './jail.ts';
import { Sender, SHELLS } from './sender.ts';

const protocols = suite('protocols of a jail');

/** The protocols of a ban of a jail whose protocol is this, as the firewall takes them. */
async function heardOf(sender: Sender, protocol: string, shell: readonly string[]): Promise<string> {
  for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));
  const words = ['ban', '--jail', 'web', '--ip', '192.0.2.7', '--protocol', protocol];
  const ran = await sender.run(['queue', ...words], { shell });
  assert.is(ran.code, 0, ran.stderr);
  const [intent] = sender.intents;
  return intent !== undefined && 'protocols' in intent ? (intent.protocols ?? '') : '';
}

const GOOD: Readonly<Record<string, string>> = {
  ...{ tcp: 'tcp', TCP: 'tcp', Udp: 'udp', '6': 'tcp', '17': 'udp', '132': 'sctp', '33': 'dccp' },
  ...{ '1': 'icmp', '58': 'icmp', 'ipv6-icmp': 'icmp', icmpv6: 'icmp', ALL: 'all', '0': 'all', any: 'all' },
  ...{
    '': 'tcp',
    ' ': 'tcp',
    'tcp,UDP': 'tcp,udp',
    'TCP udp': 'tcp,udp',
    'tcp\n17': 'tcp,udp',
    '6,tcp': 'tcp',
  },
};

const ODD = [
  'tcp/udp',
  '!tcp',
  'gre',
  '47',
  '256',
  'tcp;id',
  'tcp\nip: x',
  '$(touch hacked)',
  '*',
  '06',
  't'.repeat(400),
];

for (const shell of SHELLS) {
  const under = `under ${shell.join(' ')}`;

  protocols(`a protocol is the same in any letters and by its number, ${under}`, async () => {
    await using sender = new Sender();

    for (const [word, heard] of Object.entries(GOOD))
      assert.is(await heardOf(sender, word, shell), heard, word);

    assert.equal(sender.log, []);
  });

  protocols(`what is no protocol is all of them, and that is told, ${under}`, async () => {
    await using sender = new Sender();

    for (const word of ODD) assert.is(await heardOf(sender, word, shell), 'all', word);

    assert.equal(
      sender.log,
      ODD.map(
        (word) =>
          `warning: jail web: "${word.replace('\n', '?')}" is not a protocol that banspool knows: read as all protocols`,
      ),
    );
    assert.not(fs.existsSync('hacked'));
  });

  protocols(
    `a jail has its snapshot whatever its protocol, and check tells of an odd one, ${under}`,
    async () => {
      await using sender = new Sender();
      sender.replaceProgram('ssh', 'exit 255');
      await sender.startFail2ban(sshd(''));
      const said = [];

      for (const word of ['TCP', 'tcp/udp']) {
        sender.answer({ 'get sshd action iptables-remote protocol': `${word}\n` });
        const { stdout } = await sender.run(['check'], { shell });
        const [taken] = await snapshotsOf(sender, { shell });
        said.push([taken?.protocols, ...stdout.split('\n').filter((line) => line.includes('all protocols'))]);
        for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));
      }

      assert.equal(said, [
        ['tcp'],
        ['all', 'warn  unknown protocols are read as all protocols: sshd: "tcp/udp"'],
      ]);
    },
  );
}

protocols.run();
