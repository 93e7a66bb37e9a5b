/** The backend of sshguard: lines in, intents out, whatever happens on the way to the firewall. */
import * as fs from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { eventually } from '../support/eventually.ts';
import { NOW_MS, Sender, SHELLS, type SenderRun } from './sender.ts';

const sshguard = suite('banspool-send sshguard');

/** What the firewall hears of these lines of sshguard between its start and its stop: `INTENT ADDRESS`, in order. */
async function heard(
  sender: Sender,
  lines: readonly string[],
  options: SenderRun = {},
): Promise<readonly string[]> {
  // Each intent is of another instant.
  sender.setClock(undefined);
  const ran = await sender.run(['sshguard'], {
    input: lines.map((line) => `${line}\n`).join(''),
    ...options,
  });
  assert.is(ran.code, 0, ran.stderr);
  const said = sender.intents.map(
    (intent) => `${intent.intent}${'ip' in intent ? ` ${intent.ip.text}` : ''}`,
  );
  assert.equal([said[0], said.at(-1)], ['start', 'stop']);
  return said.slice(1, -1);
}

for (const shell of SHELLS) {
  sshguard(
    `a block is a ban, a release an unban, and an end of file a stop, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();

      const said = await heard(
        sender,
        [
          'flushonexit',
          'block 203.0.113.7 4 32',
          'block 203.0.113.77 4 24',
          'block 2001:db8::7 6 128',
          'block 2001:db8:1:2:3:4:5:6 6 56',
          'release 203.0.113.77 4 24',
          'release 2001:db8::7 6 128',
        ],
        { shell },
      );

      assert.equal(said, [
        'ban 203.0.113.7',
        'ban 203.0.113.0/24',
        'ban 2001:db8::7',
        'ban 2001:db8:1::/56',
        'unban 203.0.113.0/24',
        'unban 2001:db8::7',
      ]);
    },
  );
}

sshguard('a block lasts for a day at the most, and is for all traffic', async () => {
  await using sender = new Sender();

  await sender.run(['sshguard'], { input: 'block 203.0.113.7 4 32\n' });

  const ban = sender.intents.find(({ intent }) => intent === 'ban');
  assert.equal(ban, {
    ...{
      intent: 'ban',
      jail: 'sshguard',
      ip: netOf('203.0.113.7'),
      ports: 'all',
      protocols: 'all',
      failures: 0,
    },
    ...{ time: NOW_MS, until: NOW_MS + 86_400_000 },
  });
});

sshguard('the config sets how long a block lasts, and its ports', async () => {
  await using sender = new Sender({ sshguard_bantime: 120, sshguard_ports: 'ssh,2222' });

  await sender.run(['sshguard'], { input: 'block 203.0.113.7 4 32\n' });

  const ban = sender.intents.find(({ intent }) => intent === 'ban');
  assert.ok(ban?.intent === 'ban');
  assert.equal([ban.until, ban.ports, ban.protocols], [NOW_MS + 120_000, '22,2222', 'tcp']);
});

sshguard('what is no address or network is told and passed over, and the next line counts', async () => {
  await using sender = new Sender();
  const bad = [
    ...[
      'block 203.0.113.7 4 33',
      'block 203.0.113.7 4 0',
      'block 203.0.113.7 4 08',
      'block 203.0.113.7 44 24',
    ],
    ...['block 203.0.113.7 4 2x', 'block 203.0.113 4 24', 'block 203.0.113.7,x 4 24', 'release', 'block'],
    ...['block example.net 6 64', 'block 2001:db8::7 6 129', 'block $(touch${IFS}hacked) 4 32'],
  ];

  const said = await heard(sender, [...bad, 'block 192.0.2.1 4 32']);

  assert.equal(said, ['ban 192.0.2.1']);
  assert.is(sender.log.length, bad.length, sender.log.join('\n'));
  assert.not(fs.existsSync('hacked'));
});

for (const shell of SHELLS) {
  sshguard(`what an awk that failed left of a network is not banned, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('awk', 'printf 203.0.113.0; exit 2');

    const said = await heard(sender, ['block 203.0.113.77 4 24', 'block 2001:db8::7 6 64'], { shell });

    assert.equal(said, []);
    assert.equal(sender.log, [
      'warning: "203.0.113.77 4 24" from sshguard is not a network',
      'warning: "2001:db8::7 6 64" from sshguard is not a network',
    ]);
  });
}

sshguard('unknown words are told and passed over, empty lines are nothing', async () => {
  await using sender = new Sender();

  const said = await heard(sender, ['', 'frobnicate 1 2 3', '\u001b[2J', 'block 192.0.2.1 4 32']);

  assert.equal(said, ['ban 192.0.2.1']);
  assert.equal(sender.log, [
    'warning: unknown word "frobnicate" from sshguard ignored',
    'warning: unknown word "?[2J" from sshguard ignored',
  ]);
});

sshguard('host bits are cleared as the firewall clears them', async () => {
  const netOfBlock = (ip: string, prefix: number) => netOf(`${ip}/${prefix}`).text;
  const block = fc
    .oneof(
      fc.tuple(fc.ipV4(), fc.constant(4), fc.integer({ min: 8, max: 32 })),
      fc.tuple(
        fc.ipV6().filter((ip) => !ip.includes('.')),
        fc.constant(6),
        fc.integer({ min: 16, max: 128 }),
      ),
    )
    // No host's address, which no intent can name.
    .filter(([ip, , prefix]) => !['0.0.0.0', '::'].includes(netOfBlock(ip, prefix)));

  await fc.assert(
    fc.asyncProperty(fc.array(block, { minLength: 40, maxLength: 40 }), async (blocks) => {
      await using sender = new Sender();
      const wanted = blocks.map(([ip, , prefix]) => `ban ${netOfBlock(ip, prefix)}`);

      const said = await heard(
        sender,
        blocks.map(([ip, family, prefix]) => `block ${ip} ${family} ${prefix}`),
      );

      assert.equal(said, wanted);
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

sshguard('no intent of one instant replaces another', async () => {
  await using sender = new Sender();
  const lines = ['block 192.0.2.1 4 32', 'block 192.0.2.2 4 32', 'release 192.0.2.1 4 32'];

  await sender.run(['sshguard'], { input: `${lines.join('\n')}\n` });

  assert.is(sender.waiting.length, 5);
});

sshguard('a full disk loses what it loses, and does not end the backend', async () => {
  await using sender = new Sender();
  sender.replaceProgram('mv', 'exit 1');

  await sender.run(['sshguard'], { input: 'block 192.0.2.1 4 32\nblock 192.0.2.2 4 32\n' });

  assert.is(sender.log.filter((line) => line.includes('cannot write')).length, 4);
});

sshguard('lines are read while no delivery gets through', async () => {
  await using sender = new Sender();
  sender.setClock(undefined);
  sender.holdDelivery('held');
  sender.letShip();
  const lines = Array.from({ length: 40 }, (_, index) => `block 192.0.2.${index} 4 32\n`);

  const ran = await sender.run(['sshguard'], { input: lines.join('') });

  assert.is(ran.code, 0);
  await eventually(() => {
    assert.ok(sender.isDelivering);
  });
  assert.is(sender.waiting.length, lines.length + 2);
});

sshguard.run();
