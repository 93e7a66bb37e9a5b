/** Several firewalls in one send.conf: each gets all, and none waits for another. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { outputOf, type Ran } from '../support/run-program.ts';
import { sshd } from './jail.ts';
import { PairSender } from './pair-sender.ts';
import { ACTIONS, NOW_MS, SHELLS } from './sender.ts';

const pair = suite('a server with two firewalls');

const ban = (ip: string): readonly string[] => ['intent: ban', 'jail: sshd', `ip: "${ip}"`];

/** Names in the order of time, as queue gives them. */
const nameOf = (index: number): string => `${NOW_MS + index}000000-1-1.yaml`;

const NAMES = [0, 1, 2].map(nameOf);

const REFUSED = 'ssh: connect to host fw2 port 22: Connection refused\n';

function dropAll(sender: PairSender): void {
  for (const name of NAMES) sender.drop(name, ...ban('203.0.113.7'));
}

/** That each of these has all of NAMES, none before an older one, and that nothing waits. */
function assertAllArrived(sender: PairSender, firewalls: readonly string[], why = ''): void {
  for (const firewall of firewalls)
    assert.equal([...new Set(sender.arrivedAt(firewall))], NAMES, `${firewall} ${why}`);
  assert.equal([sender.waiting, ...firewalls.map((name) => sender.waitingFor(name))].flat(), [], why);
}

for (const shell of SHELLS) {
  const under = `under ${shell.join(' ')}`;

  pair(`delivers all that waits to each, in the order of time, ${under}`, async () => {
    await using sender = new PairSender();
    dropAll(sender);

    const ran = await sender.run(['ship'], { shell });

    assert.equal(ran, { code: 0, stdout: '', stderr: '' });
    assertAllArrived(sender, ['fw1', 'fw2']);
    assert.equal(sender.arrivedAt('fw1'), NAMES, 'each once');
  });

  pair(
    `keeps for one that is down what the other has, tells so, and delivers it later, ${under}`,
    async () => {
      await using sender = new PairSender();
      dropAll(sender);
      sender.breakWay('fw2', REFUSED);

      const failed = await sender.run(['ship'], { shell });
      sender.setClock(NOW_MS + 60_000);
      const failing = await sender.run(['status'], { shell });
      const atFirst = sender.arrivedAt('fw1');
      sender.breakWay('fw2', undefined);
      const recovered = await sender.run(['ship'], { shell });

      assert.equal([failed.code, recovered.code, atFirst], [1, 0, NAMES]);
      assert.equal(failing, {
        code: 1,
        stdout:
          'nothing waits for fw1\n3 intents wait for fw2, the oldest for 60 s\nlast delivery to fw1 60 s ago\n' +
          `deliveries to fw2 have failed for 60 s: ${REFUSED}`,
        stderr: '',
      });
      assertAllArrived(sender, ['fw1', 'fw2']);
      assert.equal(sender.arrivedAt('fw1'), NAMES, 'each once');
      assert.equal(sender.log, [
        `warning: cannot deliver to fw2; retrying later: ${REFUSED.trim()}`,
        'notice: delivery to fw2 works again after 60 s',
      ]);
    },
  );

  pair(`delivers to one while another hangs, ${under}`, async () => {
    await using sender = new PairSender();
    sender.setClock(undefined);
    sender.letShip();
    sender.holdWay('fw2', 'held');
    await sender.run(['queue', 'ban', '--jail', 'sshd', '--ip', '203.0.113.1'], { shell });
    await eventually(() => {
      assert.ok(fs.existsSync(join(sender.folder, 'hangs-fw2')));
    });

    for (const index of [2, 3]) {
      await sender.run(['queue', 'ban', '--jail', 'sshd', '--ip', `203.0.113.${index}`], { shell });
      await eventually(() => {
        assert.is(sender.arrivedAt('fw1').length, index);
      });
    }

    assert.equal(sender.arrivedAt('fw2'), []);
    sender.holdWay('fw2', undefined);
    await eventually(() => {
      assert.equal(sender.arrivedAt('fw2'), sender.arrivedAt('fw1'));
    });
  });

  pair(`loses nothing where a shipper is killed at any step, ${under}`, async () => {
    await assertSurvives({ shell, from: ['fw1', 'fw2'], to: ['fw1', 'fw2'] });
  });
}

interface Change {
  readonly shell?: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * Has intents wait for the firewalls in `from`, of which the second is down, and send.conf name those in `to`; kills
 * who ships at each of its steps, before and after, and wants all at each in the end.
 */
async function assertSurvives({ shell = ['dash'], from, to }: Change): Promise<void> {
  for (const when of ['before', 'after'] as const) {
    let step = 1;
    for (let isKilled = true; isKilled; step++) {
      await using sender = new PairSender();
      fs.mkdirSync(sender.outbox);
      sender.sendTo(...from);
      if (from.length !== to.length) {
        for (const name of NAMES.slice(0, 2)) sender.drop(name, ...ban('203.0.113.7'));
        for (const name of to) sender.breakWay(name, REFUSED);
        await sender.run(['ship'], { shell });
        for (const name of to) sender.breakWay(name, undefined);
      }
      sender.sendTo(...to);
      // There is a jail, whose bans are asked for as soon as there is a fail2ban.
      fs.writeFileSync(join(sender.outbox, '.scope,sshd'), '1 22 tcp\n');
      dropAll(sender);

      sender.killAt(step, when);
      await sender.run(['ship'], { shell }).catch(() => undefined);
      isKilled = sender.killNone() >= step;
      await sender.run(['ship'], { shell });

      assertAllArrived(sender, to, `${when} step ${step}`);
      const isAsked = fs.existsSync(join(sender.outbox, '.want,sshd'));
      assert.is(isAsked, to.length === 2, `asked for a list, ${when} step ${step}`);
    }
    assert.ok(step > 6, `${step} steps`);
  }
}

pair('loses nothing where a shipper is killed while a second firewall joins', async () => {
  await assertSurvives({ from: ['fw1'], to: ['fw1', 'fw2'] });
});

pair('loses nothing where a shipper is killed while the second firewall leaves', async () => {
  await assertSurvives({ from: ['fw1', 'fw2'], to: ['fw1'] });
});

const BANNED = '192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27';

for (const shell of SHELLS) {
  pair(`gives a firewall that joins all that is banned, under ${shell.join(' ')}`, async () => {
    await using sender = new PairSender();
    sender.sendTo('fw1');
    await sender.startFail2ban(sshd(BANNED));
    await sender.run(['snapshot', '--now'], { shell, env: { TZ: 'UTC' } });
    sender.sendTo('fw1', 'fw2');
    sender.setClock(NOW_MS + 1000);

    await sender.run(['snapshot'], { shell, env: { TZ: 'UTC' } });

    const [name = ''] = sender.arrivedAt('fw2');
    assert.match(sender.textAt('fw2', name), /^intent: snapshot\njail: sshd\n(.*\n)*.*ip: 192\.0\.2\.7,/);
  });
}

pair(
  'gives a firewall that joins the bans of a jail that has just started as soon as all of it shows',
  async () => {
    await using sender = new PairSender();
    sender.sendTo('fw1');
    await sender.startFail2ban(sshd(BANNED));
    await sender.queue('start', '--jail', 'sshd', '--ports', 'ssh');
    await sender.run(['ship']);
    sender.sendTo('fw1', 'fw2');
    await sender.run(['snapshot'], { env: { TZ: 'UTC' } });
    const tooEarly = sender.arrivedAt('fw2');
    sender.setClock(NOW_MS + 181_000);

    await sender.run(['ship'], { env: { TZ: 'UTC' } });

    assert.equal(tooEarly, []);
    assert.match(sender.textAt('fw2', sender.arrivedAt('fw2')[0] ?? ''), /^intent: snapshot\n/);
  },
);

pair('asks for no list of what is banned while its firewalls stay the same', async () => {
  await using sender = new PairSender();
  await sender.startFail2ban(sshd(BANNED));
  await sender.run(['snapshot'], { env: { TZ: 'UTC' } });
  const joined = sender.arrivedAt('fw2');
  sender.setClock(NOW_MS + 60_000);

  await sender.run(['snapshot'], { env: { TZ: 'UTC' } });

  assert.ok(joined.length > 0);
  assert.equal(sender.arrivedAt('fw2'), joined);
});

pair(
  'drops what waits for a firewall that send.conf names no more, and keeps all for the others',
  async () => {
    await using sender = new PairSender();
    sender.sendTo('fw1', 'fw2', 'fw3');
    for (const name of ['fw1', 'fw2', 'fw3']) sender.breakWay(name, REFUSED);
    dropAll(sender);
    await sender.run(['ship']);
    sender.sendTo('fw1', 'fw3');
    await sender.run(['ship']);
    const left = [sender.waitingFor('fw1'), sender.hidden.filter((name) => name.startsWith('.to,'))];
    sender.sendTo('fw3');
    await sender.run(['ship']);
    const alone = await sender.run(['status']);
    sender.breakWay('fw3', undefined);
    const ran = await sender.run(['ship']);

    assert.equal(left, [NAMES, ['.to,fw1', '.to,fw3']]);
    assert.match(alone.stdout, /^3 intents wait for fw3, the oldest for \d+ s\ndeliveries have failed for /);
    assert.is(ran.code, 0, ran.stderr);
    assertAllArrived(sender, ['fw3']);
    assert.equal(
      sender.hidden.filter((name) => name.startsWith('.to,')),
      [],
    );
  },
);

pair('shares out what comes in a row at growing pauses, and delivers each share at once', async () => {
  await using sender = new PairSender();
  for (const name of NAMES) {
    sender.drop(name, ...ban('203.0.113.7'));
    await sender.run(['ship']);
  }

  assert.is(NAMES.length, 3);
  assert.is(sender.clock, NOW_MS + 250);
  assertAllArrived(sender, ['fw1', 'fw2']);
});

pair('has one firewall where send.conf names the same one twice', async () => {
  await using sender = new PairSender();
  sender.sendTo('fw1', 'fw1');
  dropAll(sender);

  await sender.run(['ship']);

  assertAllArrived(sender, ['fw1']);
  assert.equal(
    sender.hidden.filter((name) => name.startsWith('.to,')),
    [],
  );
});

pair('bounds what waits for each by itself, and disk by what waits for any', async () => {
  await using sender = new PairSender();
  fs.appendFileSync(sender.conf, 'outbox_max = 100\n');
  sender.breakWay('fw2', REFUSED);
  for (let index = 0; index < 150; index++) {
    sender.drop(nameOf(index), ...ban(`10.0.0.${index}`));
    if (index % 50 === 49) await sender.run(['ship']);
  }

  const status = await sender.run(['status']);

  assert.is(sender.arrivedAt('fw1').length, 150);
  assert.is(sender.waitingFor('fw2').length, 100);
  assert.match(status.stdout, /^100 intents wait for fw2,/m);
  const [oldest = ''] = sender.waitingFor('fw2');
  assert.is(oldest, nameOf(50));
  assert.is(fs.statSync(join(sender.outbox, '.to,fw2', oldest)).nlink, 1, 'no copy for fw1 is left');
  assert.equal(
    sender.log.filter((line) => line.includes('dropped')),
    [
      'warning: the outbox had 150 intents for fw2 (limit 100): dropped 0 superseded ones and the 50 oldest others',
    ],
  );
});

pair(
  'keeps little of a thousand snapshots for one that is away, and nothing less than what counts',
  async () => {
    await using sender = new PairSender();
    sender.breakWay('fw2', REFUSED);
    for (let index = 0; index < 1001; index++)
      sender.drop(nameOf(index), 'intent: snapshot', `jail: jail${index % 2}`, 'bans: []');
    sender.drop(nameOf(1001), ...ban('203.0.113.7'));
    await sender.run(['ship']);
    const before = sender.waitingFor('fw2').length;

    await sender.run(['ship']);

    assert.is(before, 1002);
    assert.equal(sender.waitingFor('fw2'), [999, 1000, 1001].map(nameOf));
    assert.is(sender.arrivedAt('fw1').length, 1002);
  },
);

pair('keeps its pauses after a refusal of one from the other', async () => {
  await using sender = new PairSender();
  sender.breakWay('fw2', 'fail2ban@fw2: Permission denied (publickey).\n');
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  await sender.run(['ship', '--again']);
  await eventually(() => {
    assert.ok(fs.existsSync(join(sender.outbox, '.to,fw2/.refused')));
  });
  sender.drop(nameOf(1), ...ban('203.0.113.8'));

  const timed = await sender.run(['snapshot']);

  assert.is(timed.code, 1);
  assert.match(timed.stderr, /^banspool-send: error: fw2 refused this server's key/);
  assert.equal(sender.arrivedAt('fw1'), [nameOf(0), nameOf(1)]);
  assert.match((await sender.run(['status'])).stdout, /^the next attempt to fw2 is in \d+ s/m);
});

pair('holds a flush back for each, and delivers it to each where no stop follows', async () => {
  await using sender = new PairSender();
  await sender.queue('flush', '--jail', 'sshd');

  await sender.run(['ship']);

  for (const firewall of ['fw1', 'fw2'])
    assert.match(sender.textAt(firewall, sender.arrivedAt(firewall)[0] ?? ''), /^intent: flush$/m);
});

pair('tells what keeps it from sharing out, and shares out later', async () => {
  await using sender = new PairSender();
  sender.replaceProgram('ssh', SSH);
  sender.replaceProgram('ln', 'echo "ln: Operation not permitted" >&2; exit 1');
  dropAll(sender);

  const failed = await sender.run(['ship']);
  const failing = await sender.run(['status']);
  const check = await sender.run(['check']);
  fs.rmSync(join(sender.bin, 'ln'));
  await sender.run(['ship']);

  assert.is(failed.code, 1);
  assert.equal(
    [failing.code, failing.stdout.split('\n').slice(0, 3)],
    [
      1,
      [
        '3 intents wait for fw1, the oldest for 0 s',
        '3 intents wait for fw2, the oldest for 0 s',
        'sharing out the intents has failed for 0 s: ln: Operation not permitted',
      ],
    ],
  );
  assert.equal(
    check.stdout.match(/^bad .*/gm),
    ['fw1', 'fw2'].map((name) => `bad   ${name}: a probe did not arrive: ln: Operation not permitted`),
  );
  for (const name of ['fw1', 'fw2'])
    assert.equal(
      sender.arrivedAt(name).filter((each) => NAMES.includes(each)),
      NAMES,
    );
  assert.equal((await sender.run(['status'])).code, 0);
});

const OPEN =
  'echo "banspool-receive: this key can only drop files, by rsync, into the folder of web1" >&2; exit 1';

/** An ssh that gets as far as the forced command of fw1, and of fw2 where that is not down. */
const SSH = `case "$*" in
  *' -O '*) exit ;;
  *' fw2 true') [ ! -e $world/down-fw2 ] || { cat $world/down-fw2 >&2; exit 255; } ;;
esac
${OPEN}`;

for (const shell of SHELLS) {
  pair(`checks the way to each, and probes those that are reached, under ${shell.join(' ')}`, async () => {
    await using sender = new PairSender();
    sender.replaceProgram('ssh', SSH);

    const well = await sender.run(['check'], { shell });
    sender.breakWay('fw2', REFUSED);
    const down = await sender.run(['check'], { shell });

    assert.equal(
      [well.code, saidOf(well)],
      [
        0,
        [
          'ok    config CONF: server web1, firewalls fw1, fw2 by rsync',
          'ok    outbox OUTBOX: 0 intents wait for fw1, 0 intents wait for fw2',
          'ok    fw1: host key known, key accepted, no shell',
          'ok    fw2: host key known, key accepted, no shell',
          'ok    fw1: a probe arrived, and a pass took it from the spool',
          'ok    fw2: a probe arrived, and a pass took it from the spool',
        ],
      ],
    );
    assert.equal(
      [down.code, saidOf(down).slice(2)],
      [
        1,
        [
          'ok    fw1: host key known, key accepted, no shell',
          `bad   no connection to fw2: ${REFUSED.trim()}`,
          'ok    fw1: a probe arrived, and a pass took it from the spool',
        ],
      ],
    );
    assert.equal([sender.arrivedAt('fw1').length, sender.waitingFor('fw2').length], [2, 1]);
    assert.equal(
      sender.log.filter((line) => line.includes('cannot deliver')),
      [],
    );
  });
}

/** What check says of ways, without what this machine lacks. */
function saidOf({ stdout }: Ran): readonly string[] {
  return stdout
    .replaceAll(/\/\S*send\.conf/g, 'CONF')
    .replaceAll(/\/\S*\/outbox/g, 'OUTBOX')
    .split('\n')
    .filter((line) => /^(ok|bad) .*(fw[12]|outbox)/i.test(line));
}

pair('starts as many processes for a ban as with one firewall', async () => {
  await using sender = new PairSender();
  await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.7');
  fs.rmSync(join(sender.outbox, '.wanted'));
  const counts: string[] = [];
  for (const firewalls of [['fw1'], ['fw1', 'fw2']]) {
    sender.sendTo(...firewalls);
    const trace = join(sender.folder, 'trace');
    const words = ['--jail', 'sshd', '--ip', '203.0.113.7', '--bantime', '600'];
    const strace = ['strace', '-f', '-o', trace, '-e', 'trace=?clone,?clone3,?fork,?vfork,?execve'];
    await outputOf([...strace, 'dash', join(ACTIONS, 'banspool-send'), 'queue', 'ban', ...words], {
      env: { BANSPOOL_SEND_CONF: sender.conf, PATH: `${sender.bin}:${process.env['PATH'] ?? ''}` },
    });
    counts.push(String(fs.readFileSync(trace, 'utf8').match(/^.*(clone|fork|execve)\w*\(.*$/gm)?.length));
    fs.rmSync(join(sender.outbox, '.wanted'));
  }

  assert.match(counts[0] ?? '', /^[1-9]\d*$/);
  assert.is(counts[1], counts[0]);
});

pair.run();
