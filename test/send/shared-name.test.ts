/**
 * Jails that give their actions one name, as `action = iptables-remote[name=HTTP]` in two of them: one chain for
 * both.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { bansOf, snapshotsOf } from './jail.ts';
import { NOW_MS, Sender, SHELLS } from './sender.ts';

const shared = suite('jails that share a name');

const UNTIL_NINE = '\t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27';
const UNTIL_TEN = '\t2026-11-22 08:50:27 + 4200 = 2026-11-22 10:00:27';

/** What fail2ban answers of jails one and two, of name HTTP, with these lines in their lists. */
function two(one: readonly string[], other: readonly string[]): Readonly<Record<string, string>> {
  const answers: Record<string, string> = {
    status: 'Status\n|- Number of jail:\t2\n`- Jail list:\tone, two\n',
    'get one banip --with-time': `${one.join('\n')}\n`,
    'get two banip --with-time': `${other.join('\n')}\n`,
  };
  for (const [jail, port] of [
    ['one', 'http'],
    ['two', '8080'],
  ] as const) {
    answers[`get ${jail} actions`] = `The jail ${jail} has the following actions:\niptables-remote-HTTP\n`;
    answers[`get ${jail} action iptables-remote-HTTP name`] = 'HTTP\n';
    answers[`get ${jail} action iptables-remote-HTTP port`] = `${port}\n`;
    answers[`get ${jail} action iptables-remote-HTTP protocol`] = 'tcp\n';
  }
  return answers;
}

/** Both have started, longer ago than it takes them to settle. */
async function started(sender: Sender, ...jails: readonly string[]): Promise<void> {
  for (const port of ['http', '8080'].slice(0, jails.length))
    await sender.queue('start', '--jail', 'HTTP', '--ports', port);
  for (const name of sender.hidden.filter((each) => each.startsWith('.unsettled')))
    fs.rmSync(join(sender.outbox, name));
  for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));
}

const said = (sender: Sender): readonly string[] =>
  sender.intents.map((intent) => {
    const ports = 'ports' in intent ? ` ${intent.ports ?? ''}` : '';
    return `${intent.intent} ${intent.jail}${ports}`;
  });

for (const shell of SHELLS) {
  shared(
    `one snapshot says what all of them ban, each until its later end, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      await sender.startFail2ban(
        two(
          [`192.0.2.7 ${UNTIL_NINE}`, `192.0.2.8 ${UNTIL_TEN}`, `192.0.2.9 ${UNTIL_NINE}`],
          [`192.0.2.8 ${UNTIL_NINE}`, `192.0.2.9 ${UNTIL_TEN}`, `192.0.2.10 ${UNTIL_NINE}`],
        ),
      );

      const [taken, ...more] = await snapshotsOf(sender, { shell });

      assert.equal(more, []);
      assert.equal([taken?.jail, taken?.ports], ['HTTP', '80,8080']);
      assert.equal(bansOf(taken), [
        '192.0.2.7 1795337427 601',
        '192.0.2.8 1795337427 4201',
        '192.0.2.9 1795337427 4201',
        '192.0.2.10 1795337427 601',
      ]);
    },
  );

  shared(`what one of them lifts becomes a snapshot of all, at once, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    await started(sender, 'one', 'two');
    await sender.startFail2ban(two([], [`192.0.2.7 ${UNTIL_NINE}`]));

    await sender.run(['queue', 'unban', '--jail', 'HTTP', '--ip', '192.0.2.7'], { shell });
    const waiting = sender.waiting;
    const ran = await sender.run(['ship', '--again'], { shell, env: { TZ: 'UTC' } });

    assert.equal(waiting, []);
    assert.is(ran.code, 0, ran.stderr);
    assert.is(sender.arrived.length, 1);
    assert.match(
      fs.readFileSync(join(sender.folder, 'firewall', sender.arrived[0] ?? ''), 'utf8'),
      /^intent: snapshot\njail: HTTP\nports: "http,8080"\nprotocol: "tcp"\ntime: .*\nbans:\n {2}- \{ ip: 192\.0\.2\.7, /,
    );
  });
}

shared('an unban of a name that one jail has goes as it is', async () => {
  await using sender = new Sender();
  await started(sender, 'one');

  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');

  assert.equal(said(sender), ['unban HTTP']);
});

shared('the last one left speaks for itself again', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  await sender.queue('stop', '--jail', 'HTTP');

  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');

  assert.equal(said(sender).toSorted(), ['stop HTTP', 'unban HTTP']);
});

shared('a ban that ended by itself needs no snapshot', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  const ended = ['--time', `${NOW_MS / 1000 - 600}`, '--bantime', '600'];

  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7', ...ended);

  assert.equal(said(sender), []);
  assert.not(sender.hidden.includes('.want,HTTP'));
});

shared('the ports of a name are those of all its jails, whichever starts, bans or reloads last', async () => {
  await using sender = new Sender();

  for (const port of ['http', '8080']) await sender.queue('start', '--jail', 'HTTP', '--ports', port);
  await sender.queue('ban', '--jail', 'HTTP', '--ip', '192.0.2.7', '--ports', '8080');
  await sender.queue('reload', '--jail', 'HTTP', '--ports', '8080');

  assert.equal(said(sender).toSorted(), [
    'ban HTTP 80,8080',
    'reload HTTP 80,8080',
    'start HTTP 80',
    'start HTTP 80,8080',
  ]);
});

shared('a jail that has its name for itself is given the ports that its reload names', async () => {
  await using sender = new Sender();
  await started(sender, 'one');

  await sender.queue('reload', '--jail', 'HTTP', '--ports', '8443');
  await sender.queue('ban', '--jail', 'HTTP', '--ip', '192.0.2.7', '--ports', '8443');

  assert.equal(said(sender).toSorted(), ['ban HTTP 8443', 'reload HTTP 8443']);
});

shared('a flush of one of them lifts only what no other bans', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  await sender.startFail2ban(two([], [`192.0.2.7 ${UNTIL_NINE}`]));
  await sender.queue('flush', '--jail', 'HTTP');

  await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });

  const texts = sender.arrived.map((name) => fs.readFileSync(join(sender.folder, 'firewall', name), 'utf8'));
  assert.equal(
    texts.map((text) => /^intent: (\w+)$/m.exec(text)?.[1]),
    ['snapshot'],
  );
  assert.match(texts.join(), /ip: 192\.0\.2\.7,/);
});

shared('while one of them restarts, what another lifts waits until all its bans are back', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  await sender.startFail2ban(two([], [`192.0.2.7 ${UNTIL_NINE}`]));
  await sender.queue('start', '--jail', 'HTTP', '--ports', 'http');
  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');

  await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });
  const early = sender.arrived.length;
  sender.setClock(NOW_MS + 180_000);
  await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });

  assert.equal([early, sender.arrived.length], [1, 2]);
});

shared('a snapshot finds out who has a name where no start told it', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(two([], []));
  await snapshotsOf(sender);
  for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));

  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');

  assert.equal(said(sender), []);
  assert.ok(sender.hidden.includes('.want,HTTP'));
});

shared('and it finds out that only one has it, where a killed fail2ban started twice', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  await sender.startFail2ban({ ...two([], []), status: '`- Jail list:\tone\n' });
  await snapshotsOf(sender);
  for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));

  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');

  assert.equal(said(sender), ['unban HTTP']);
});

shared('where one of them does not answer there is no snapshot of what the others ban', async () => {
  for (const question of ['get two actions', 'get two banip --with-time']) {
    await using sender = new Sender();
    await started(sender, 'one', 'two');
    await sender.startFail2ban({ ...two([`192.0.2.7 ${UNTIL_NINE}`], []), [question]: '!Sorry\n' });

    const taken = await snapshotsOf(sender);

    assert.equal(taken, [], question);
  }
});

shared('while fail2ban is asked, bans are delivered', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  await sender.startFail2ban(two([], []));
  const client = fs.readFileSync(join(sender.bin, 'fail2ban-client'), 'utf8');
  const slow = ': >$world/asked; while [ ! -e $world/answer ]; do /bin/sleep 0.02; done';
  sender.replaceProgram('fail2ban-client', `${slow}\n${client}`);
  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');
  const asking = sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });
  await eventually(() => {
    assert.ok(fs.existsSync(join(sender.folder, 'asked')));
  });

  await sender.queue('ban', '--jail', 'sshd', '--ip', '192.0.2.9');
  await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });
  const meanwhile = sender.arrived.length;
  fs.writeFileSync(join(sender.folder, 'answer'), '');
  await asking;

  assert.equal([meanwhile, sender.arrived.length], [1, 2]);
});

shared('what cannot be asked is given up for now', async () => {
  await using sender = new Sender();
  await started(sender, 'one', 'two');
  await sender.queue('unban', '--jail', 'HTTP', '--ip', '192.0.2.7');
  await sender.queue('ban', '--jail', 'sshd', '--ip', '192.0.2.9');

  const ran = await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });

  assert.equal([ran.code, sender.arrived.length], [0, 1], ran.stderr);
  assert.ok(sender.hidden.includes('.want,HTTP'));
});

shared('two that ask fail2ban at once both hear of all jails', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(two([`192.0.2.7 ${UNTIL_NINE}`], [`192.0.2.8 ${UNTIL_NINE}`]));
  sender.replaceProgram('flock', 'echo util-linux; exit 1');

  await Promise.all(
    Array.from({ length: 4 }, async () => sender.run(['snapshot', '--now'], { env: { TZ: 'UTC' } })),
  );

  const counts = sender.intents.map((intent) => (intent.intent === 'snapshot' ? intent.bans.length : 0));
  assert.equal(counts, [2, 2, 2, 2]);
});

shared('two jails of sshguard, one of which was killed, are one', async () => {
  await using sender = new Sender();
  for (const input of ['', 'release 192.0.2.7 4 32\n']) await sender.run(['sshguard'], { input });

  assert.equal(
    said(sender).filter((text) => text.startsWith('unban')),
    ['unban sshguard'],
  );
});

const reload = suite('banspool-send queue reload');

reload('a snapshot follows a reload at once: it may have changed the ends of bans that stand', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(two([`192.0.2.7 ${UNTIL_TEN}`], []));
  sender.setClock(NOW_MS);
  await sender.queue('reload', '--jail', 'HTTP', '--ports', 'http');

  await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });

  const texts = sender.arrived.map((name) => fs.readFileSync(join(sender.folder, 'firewall', name), 'utf8'));
  assert.equal(
    texts.map((text) => /^intent: (\w+)$/m.exec(text)?.[1]),
    ['reload', 'snapshot'],
  );
});

reload('many that want a snapshot ask fail2ban once who its jails are', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(two([], []));
  const client = fs.readFileSync(join(sender.bin, 'fail2ban-client'), 'utf8');
  sender.replaceProgram('fail2ban-client', `echo "$*" >>$world/asked\n${client}`);
  await snapshotsOf(sender);
  fs.rmSync(join(sender.bin, 'flock'));
  fs.rmSync(join(sender.folder, 'asked'));
  for (const ip of ['192.0.2.7', '192.0.2.8']) await sender.queue('unban', '--jail', 'HTTP', '--ip', ip);

  await sender.run(['ship', '--again'], { env: { TZ: 'UTC' } });

  const asked = fs.readFileSync(join(sender.folder, 'asked'), 'utf8').split('\n').slice(0, -1);
  assert.equal(
    asked.map((line) => line.replace(/.*sock /, '')),
    ['get one banip --with-time', 'get two banip --with-time'],
  );
});

shared.run();
reload.run();
