/** The whole truth of each jail, as an intent. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bansOf, snapshotsOf, sshd, toldBy } from './jail.ts';
import { NOW_MS, Sender, SHELLS } from './sender.ts';

const snapshots = suite('banspool-send snapshot');

for (const shell of SHELLS) {
  snapshots(`a jail's list becomes one intent that says all of it, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    await sender.startFail2ban(
      sshd(
        '192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27',
        '2001:db8::7 \t2026-11-22 08:50:28 + -1 = 9999-12-31 23:59:59',
        '198.51.100.0/24 \t2026-11-21 08:55:37 + 86400 = 2026-11-22 08:55:37',
      ),
    );

    const [taken, ...more] = await snapshotsOf(sender, { shell });

    assert.equal(more, []);
    assert.equal(
      { ...taken, bans: [] },
      { intent: 'snapshot', jail: 'sshd', time: NOW_MS, ports: '22', protocols: 'tcp', bans: [] },
    );
    assert.equal(bansOf(taken), [
      '192.0.2.7 1795337427 601',
      '2001:db8::7 1795337428 -1',
      '198.51.100.0/24 1795251337 86401',
    ]);
  });

  snapshots(`a list longer than 8 KiB is taken in by the firewall, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `10.0.${index >> 8}.${index & 255} \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27`,
    );
    await sender.startFail2ban(sshd(...lines));

    const [taken] = await snapshotsOf(sender, { shell });

    assert.is(taken?.bans.length, 1000);
    assert.ok(fs.statSync(join(sender.outbox, sender.waiting[0] ?? '')).size > 8 * 1024);
  });
}

snapshots('a list larger than the firewall takes is told of, and holds nothing up', async () => {
  await using sender = new Sender();
  const lines = Array.from(
    { length: 60_000 },
    (_, index) =>
      `2001:db8:1111:2222:3333:4444:5555:${index.toString(16)} \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27`,
  );
  await sender.startFail2ban(sshd(...lines));

  const taken = await snapshotsOf(sender);

  assert.is(taken.length, 0);
  assert.match(toldBy(sender).join(), /no snapshot of jail sshd: .* larger than the 4 MiB/);
});

snapshots('an empty jail has an empty list, which is the truth as well', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''));

  const [taken] = await snapshotsOf(sender);

  assert.equal(bansOf(taken), []);
});

snapshots('each action of ours is a jail of its own; jails without one are passed over', async () => {
  await using sender = new Sender();
  await sender.startFail2ban({
    ...sshd('192.0.2.7 \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27'),
    status: 'Status\n|- Number of jail:\t3\n`- Jail list:\tmail, nsd, sshd\n',
    'get mail actions': 'The jail mail has the following actions:\nnftables, my-iptables-remote\n',
    'get nsd actions': 'The jail nsd has the following actions:\niptables-remote-tcp, iptables-remote-udp\n',
    'get nsd action iptables-remote-tcp name': 'nsd-tcp\n',
    'get nsd action iptables-remote-tcp port': 'domain, 853\n',
    'get nsd action iptables-remote-tcp protocol': 'tcp\n',
    'get nsd action iptables-remote-udp name': 'nsd-udp\n',
    'get nsd action iptables-remote-udp port': '0:65535\n',
    'get nsd action iptables-remote-udp protocol': 'udp\n',
    'get nsd banip --with-time': '\n',
  });

  const taken = await snapshotsOf(sender);

  const said = taken.map(
    ({ jail, ports = '', protocols = '', bans }) => `${jail} ${ports} ${protocols} ${bans.length}`,
  );
  assert.equal(said.sort(), ['nsd-tcp 53,853 tcp 0', 'nsd-udp all udp 0', 'sshd 22 tcp 1']);
});

snapshots('host names and junk in a list are passed over, and the rest of it counts', async () => {
  await using sender = new Sender();
  const when = '\t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27';
  await sender.startFail2ban(
    sshd(
      ...['example.net', '192.0.2.7;id', '$(id)', '192.0.2.8 x', '-', ''].map((word) => `${word} ${when}`),
      'a warning of Python',
      `192.0.2.9 ${when}`,
    ),
  );

  const [taken] = await snapshotsOf(sender);

  assert.equal(bansOf(taken), ['192.0.2.9 1795337427 601']);
});

snapshots('what only looks like an address does not spoil the list that it stands in', async () => {
  await using sender = new Sender();
  const good = ['1.2.3.4', '1.2.3.0/24', '2001:db8::', '1:2:3:4:5:6:7:8', '::ffff', '1::/16', 'FE80::a'];
  const bad = [
    ...[
      'dead.beef',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '01.2.3.4',
      '1.2.3.4/33',
      '1.2.3.4/',
      '1.2.3.4/08',
      '/8',
      '.',
    ],
    ...[
      '0.0.0.0',
      '0.0.0.0/0',
      '::',
      ':',
      ':::',
      'face',
      '1::2::3',
      '1:2:3',
      '12345::',
      '1:2:3:4:5:6:7:8:9',
      '1:',
      ':1',
    ],
    ...['::/129', '::1/1/2', '1:2:3:4:5:6:7::8:9', '::1.2'],
  ];
  await sender.startFail2ban(
    sshd(...[...bad, ...good].map((ip) => `${ip} \t2026-11-22 08:50:27 + 600 = 2026-11-22 09:00:27`)),
  );

  const [taken] = await snapshotsOf(sender);

  assert.equal(
    bansOf(taken).map((ban) => ban.split(' ')[0]),
    ['1.2.3.4', '1.2.3.0/24', '2001:db8::', '1:2:3:4:5:6:7:8', '::ffff', '1::/16', 'fe80::a'],
  );
});

snapshots(
  'an action whose values are not what they should be has no snapshot, and that is told',
  async () => {
    for (const [value, text] of [
      ['name', 'a warning of Python\nsshd'],
      ['name', '!no such action'],
    ] as const) {
      await using sender = new Sender();
      await sender.startFail2ban({ ...sshd(''), [`get sshd action iptables-remote ${value}`]: `${text}\n` });

      const taken = await snapshotsOf(sender);

      assert.equal(taken, []);
      assert.match(toldBy(sender)[0] ?? '', /^warning: no snapshot of jail sshd: .*action iptables-remote$/);
    }
  },
);

snapshots('without fail2ban, or when it does not answer, there is no snapshot at all', async () => {
  await using sender = new Sender();
  const down = await snapshotsOf(sender);
  await sender.startFail2ban({ ...sshd(''), status: '!Failed to access socket path\n' });
  const failing = await snapshotsOf(sender);
  sender.answer({ ...sshd(''), 'get sshd banip --with-time': '!Sorry\n' });
  const half = await snapshotsOf(sender);

  assert.equal([down, failing, half], [[], [], []]);
  assert.equal(toldBy(sender), [
    'warning: fail2ban does not answer: no snapshot: !Failed to access socket path',
    'warning: no snapshot of jail sshd: !Sorry',
  ]);
});

snapshots('a fail2ban that has only just started is not asked', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''), 1);

  const taken = await snapshotsOf(sender);

  assert.equal(taken, []);
  assert.equal(toldBy(sender), ['info: fail2ban has only just started: no snapshot yet']);
});

for (const find of ['find', 'busybox find']) {
  snapshots(`a fail2ban from before the clock was set back is asked, by ${find}`, async () => {
    await using sender = new Sender();
    sender.replaceProgram('find', `PATH=\${PATH#*:} exec ${find} "$@"`);
    await sender.startFail2ban(sshd(''), -60);

    const taken = await snapshotsOf(sender);

    assert.is(taken.length, 1);
  });
}

for (const words of [
  ['start', '--jail', 'sshd'],
  ['ban', '--jail', 'sshd', '--ip', '192.0.2.7', '--restored', '1'],
]) {
  snapshots(
    `for three minutes after a ${words[0] ?? ''} of what was restored a jail is passed over`,
    async () => {
      await using sender = new Sender();
      await sender.startFail2ban(sshd(''));
      await sender.queue(...words);

      sender.setClock(NOW_MS + 179_999);
      const early = await snapshotsOf(sender);
      sender.setClock(NOW_MS + 180_000);
      const late = await snapshotsOf(sender);

      assert.equal([early.length, late.length], [0, 1]);
    },
  );
}

snapshots('a jail is passed over for its own restart alone', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''));
  await sender.queue('start', '--jail', 'ssh');

  const taken = await snapshotsOf(sender);

  assert.is(taken.length, 1);
});

for (const words of [
  ['reload', '--jail', 'sshd'],
  ['ban', '--jail', 'sshd', '--ip', '192.0.2.7', '--restored', '0'],
]) {
  snapshots(`a plain ${words[0] ?? ''} does not hold the snapshot up`, async () => {
    await using sender = new Sender();
    await sender.startFail2ban(sshd(''));
    await sender.queue(...words);

    const taken = await snapshotsOf(sender);

    assert.is(taken.length, 1);
  });
}

/** How many snapshots wait after each run of the timer at these times. */
async function countAt(sender: Sender, times: readonly number[]): Promise<readonly number[]> {
  sender.replaceProgram('flock', 'echo util-linux; exit 1');
  const counts: number[] = [];
  for (const time of times) {
    sender.setClock(time);
    await sender.run(['snapshot'], { env: { TZ: 'UTC' } });
    counts.push(sender.waiting.length);
  }
  return counts;
}

snapshots('the timer may run more often than snapshots are taken', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''));

  const counts = await countAt(sender, [NOW_MS, NOW_MS + 299_999, NOW_MS + 300_000]);

  assert.equal(counts, [1, 1, 2]);
});

snapshots('a clock that was set back does not end the snapshots', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''));
  sender.setClock(NOW_MS + 365 * 86_400_000);
  await sender.queue('start', '--jail', 'sshd');
  const [before = 0] = await countAt(sender, [NOW_MS + 365 * 86_400_000]);

  const counts = await countAt(sender, [NOW_MS, NOW_MS + 179_999, NOW_MS + 300_000]);

  assert.equal(
    counts.map((count) => count - before),
    [0, 0, 1],
    'the jail counts as restarted when that is seen',
  );
});

snapshots('a snapshot is dated before the list is asked for', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''));
  const printed = fs.readFileSync(join(sender.bin, 'fail2ban-client'), 'utf8');
  const later = `case $* in *banip*) echo ${NOW_MS + 5000}000000 >$world/now ;; esac`;
  sender.replaceProgram('fail2ban-client', `${later}\n${printed}`);

  const [taken] = await snapshotsOf(sender);

  assert.is(taken?.time, NOW_MS);
});

snapshots('a jail that restarts while its list is asked for is passed over', async () => {
  await using sender = new Sender();
  await sender.startFail2ban(sshd(''));
  const printed = fs.readFileSync(join(sender.bin, 'fail2ban-client'), 'utf8');
  const restart = `case $* in *banip*) cp $world/now.ms $world/outbox/.unsettled,sshd ;; esac`;
  fs.writeFileSync(join(sender.folder, 'now.ms'), `${NOW_MS}\n`);
  sender.replaceProgram('fail2ban-client', `${restart}\n${printed}`);

  const taken = await snapshotsOf(sender);

  assert.equal(taken, []);
});

snapshots.run();
