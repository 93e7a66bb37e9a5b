/** One intent into the outbox: what fail2ban calls, with whatever somebody gave it. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { anyNet, jailName } from '../support/arbitraries.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf } from '../support/run-program.ts';
import { NOW_MS, Sender, SHELLS } from './sender.ts';

const queue = suite('banspool-send queue');

/** What iptables-remote.conf hands over for a ban that was decided just now. */
const BAN = [
  ...['--jail', 'sshd', '--ip', '203.0.113.7', '--ports', 'ssh,2222', '--protocol', 'tcp'],
  ...['--time', '1795337736.75', '--bantime', '600', '--failures', '5', '--restored', '0'],
];

for (const shell of SHELLS) {
  const under = `under ${shell.join(' ')}`;

  queue(`a ban is dated now, and ends with the whole second that fail2ban ends it in, ${under}`, async () => {
    await using sender = new Sender();

    const ran = await sender.run(['queue', 'ban', ...BAN], { shell });

    assert.equal(ran, { code: 0, stdout: '', stderr: '' });
    assert.equal(sender.intents, [
      {
        intent: 'ban',
        jail: 'sshd',
        ip: netOf('203.0.113.7'),
        time: NOW_MS,
        until: (1_795_337_736 + 1 + 600) * 1000,
        ports: '22,2222',
        protocols: 'tcp',
        failures: 5,
      },
    ]);
  });

  queue(
    `a date that knows no nanoseconds, as that of Alpine, costs only their exactness, ${under}`,
    async () => {
      await using sender = new Sender();
      sender.replaceProgram('date', `echo ${Math.floor(NOW_MS / 1000)}`);

      await sender.run(['queue', 'ban', ...BAN], { shell });

      const [ban] = sender.intents;
      assert.is(ban?.time, Math.floor(NOW_MS / 1000) * 1000);
    },
  );

  queue(`a value that is not what it should be is refused, quoted printably, ${under}`, async () => {
    await using sender = new Sender();

    const ran = await sender.run(['queue', 'ban', '--jail', 'sshd', '--ip', '\u001b[2J\n$(id)'], { shell });

    assert.equal(ran, {
      code: 2,
      stdout: '',
      stderr:
        'banspool-send: error: --ip: "?[2J?$(id)" is not an IP address or network; host names are not resolved\n',
    });
    assert.equal(sender.waiting, []);
  });

  queue(`an intent that finds the disk full fails, and leaves nothing behind, ${under}`, async () => {
    await using sender = new Sender();
    await using disk = await mountedAt(sender.outbox, 'size=4k,mode=755');
    fs.writeFileSync(join(disk.folder, 'full'), Buffer.alloc(4096));

    const ran = await sender.run(['queue', 'ban', ...BAN], { shell });

    assert.is(ran.code, 1);
    assert.match(ran.stderr, /error: cannot write ban of jail sshd to the outbox \//);
    assert.equal(sender.hidden, ['full']);
  });
}

/** A small file system of its own there. */
async function mountedAt(
  folder: string,
  options: string,
): Promise<AsyncDisposable & { readonly folder: string }> {
  fs.mkdirSync(folder);
  await outputOf(['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await outputOf(['umount', folder]);
    },
  };
}

queue('every kind of intent says what the firewall needs of it, and no more', async () => {
  await using sender = new Sender();
  const scope = ['--ports', 'http, https,8000:8010,9000-9001', '--protocol', 'tcp,udp'];
  const ports = '80,443,8000:8010,9000:9001';

  await sender.queue('start', '--jail', 'web', ...scope);
  await sender.queue('prolong', ...BAN);
  await sender.queue('unban', '--jail', 'sshd', '--ip', '2001:db8::7');
  await sender.queue('reload', '--jail', 'web', ...scope);
  await sender.queue('stop', '--jail', 'web');

  const said = sender.intents.map((intent) => JSON.stringify({ ...intent, ip: undefined }));
  assert.equal(said.sort(), [
    `{"intent":"prolong","jail":"sshd","time":${NOW_MS},"until":1795338337000,"ports":"22,2222","protocols":"tcp","failures":5}`,
    `{"intent":"reload","jail":"web","time":${NOW_MS},"ports":"${ports}","protocols":"tcp,udp"}`,
    `{"intent":"start","jail":"web","time":${NOW_MS},"ports":"${ports}","protocols":"tcp,udp"}`,
    `{"intent":"stop","jail":"web","time":${NOW_MS}}`,
    `{"intent":"unban","jail":"sshd","time":${NOW_MS}}`,
  ]);
});

queue('what is not said is all ports of tcp, until unbanned, from now on', async () => {
  await using sender = new Sender();

  await sender.queue('ban', '--jail', 'sshd', '--ip', '2001:db8::/64');

  assert.equal(sender.intents, [
    {
      intent: 'ban',
      jail: 'sshd',
      ip: netOf('2001:db8::/64'),
      time: NOW_MS,
      until: Infinity,
      ports: 'all',
      protocols: 'tcp',
      failures: 0,
    },
  ]);
});

queue('whatever fail2ban bans reaches the firewall as the same address, jail and end', async () => {
  await using sender = new Sender();
  const ban = fc.record({
    jail: jailName,
    net: anyNet.filter(({ text }) => text !== '0.0.0.0' && text !== '::'),
    time: fc.integer({ min: NOW_MS - 300_000, max: NOW_MS }),
    bantime: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 4_000_000 })),
    restored: fc.boolean(),
  });

  await fc.assert(
    fc.asyncProperty(ban, async ({ jail, net, time, bantime, restored }) => {
      for (const name of sender.waiting) fs.rmSync(join(sender.outbox, name));
      const words = ['--time', (time / 1000).toFixed(3), '--bantime', `${bantime}`];

      const ran = await sender.queue(
        ...['ban', '--jail', jail, '--ip', net.text, ...words, '--restored', restored ? '1' : '0'],
      );

      assert.is(ran.code, 0, ran.stderr);
      const [intent] = sender.intents;
      if (intent?.intent !== 'ban') throw new Error(JSON.stringify(sender.intents));
      const end = restored
        ? time + bantime * 1000
        : Math.max((Math.floor(time / 1000) + 1 + bantime) * 1000, NOW_MS);
      assert.equal([intent.jail, intent.ip.text], [jail, net.text]);
      assert.is(intent.time, restored ? time : NOW_MS);
      assert.is(intent.until, bantime === -1 ? Infinity : end);
    }),
    { numRuns: 12 },
  );
});

queue('what fail2ban restores after a restart keeps its date', async () => {
  await using sender = new Sender();

  await sender.queue(
    'ban',
    '--jail',
    'sshd',
    '--ip',
    '203.0.113.7',
    '--time',
    '1795330000.5',
    '--bantime',
    '86400',
    '--restored',
    '1',
  );

  const [intent] = sender.intents;
  assert.is(intent?.time, 1_795_330_000_500);
  assert.is(intent?.intent === 'ban' && intent.until, 1_795_416_400_500);
});

queue('a ban whose end has passed ends now, and never before it began', async () => {
  await using sender = new Sender();

  await sender.queue(
    'ban',
    '--jail',
    'sshd',
    '--ip',
    '203.0.113.7',
    '--time',
    '1795330000',
    '--bantime',
    '60',
  );

  const [intent] = sender.intents;
  assert.is(intent?.intent === 'ban' && intent.until, NOW_MS);
});

const HOSTILE = [
  "x'y",
  'x"y',
  'x;id',
  'x\nip: 192.0.2.1',
  '$(touch hacked)',
  '`touch hacked`',
  '--ip',
  '\u0007',
];
const NUMBERS = ['1\nip: 192.0.2.1', '$(touch hacked)', '010', '0x10', '999999999999', '9'.repeat(400)];

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  jail: ['', '--ip'],
  ip: [...HOSTILE, '', 'example.net', 'fe80::1%eth0', '....', '1'.repeat(5000), `${'0'.repeat(5000)}::`],
  ports: ['--ip'],
  protocol: ['--ip', '-p'],
  time: [...NUMBERS, '1.', '1.2.3'],
  bantime: [...NUMBERS.filter((text) => !/^9+$/.test(text)), '-2'],
  failures: [...NUMBERS, '1.5'],
};

for (const [option, values] of Object.entries(REFUSED)) {
  queue(`no hostile --${option} gets into an intent`, async () => {
    await using sender = new Sender();

    for (const value of values) await assertRefused(sender, option, value);

    assert.equal(sender.hidden, []);
    assert.not(fs.existsSync('hacked'));
  });
}

/** That a ban with this value is refused, by a message that quotes it and is a line of printable characters. */
async function assertRefused(sender: Sender, option: string, value: string): Promise<void> {
  const words = { jail: 'sshd', ip: '203.0.113.7', time: '1795337736', [option]: value };

  const ran = await sender.queue(
    'ban',
    ...Object.entries(words).flatMap(([name, text]) => [`--${name}`, text]),
  );

  assert.is(ran.code, 2, `--${option} ${JSON.stringify(value)} is taken`);
  const quoted = value
    .replace(/[^ -~]/g, '?')
    .slice(0, 8)
    .replace(/[^\w ]/g, '\\$&');
  assert.match(ran.stderr, new RegExp(`^banspool-send: error: --${option}: "${quoted}[ -~]*\n$`));
}

queue('what only the firewall would refuse is refused here as well', async () => {
  await using sender = new Sender();

  await assertRefused(sender, 'failures', '9999999999');

  assert.equal(sender.hidden, []);
});

queue('a ban of more seconds than the firewall counts is one of as many as it does', async () => {
  await using sender = new Sender();

  for (const bantime of ['999999999999', '9'.repeat(400), '1e+22', '1.5e+300'])
    await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.7', '--bantime', bantime);

  const lengths = sender.intents.map((intent) => intent.intent === 'ban' && intent.until - intent.time);
  assert.equal(
    lengths,
    Array.from({ length: 4 }, () => 99_999_999_999_000),
  );
});

queue('no word of its own gets into an intent as restored', async () => {
  await using sender = new Sender();

  for (const value of ['2', '00', '1 ', '0\nreason: x', '$(touch hacked)'])
    await assertRefused(sender, 'restored', value);

  assert.equal(sender.hidden, []);
});

queue('a value is not taken for the option that it looks like', async () => {
  await using sender = new Sender();

  const ran = await sender.queue('ban', '--jail', '--ip', '203.0.113.7');

  assert.is(ran.code, 2);
  assert.equal(sender.waiting, []);
});

queue('what is no intent, no option or lacks its value is refused', async () => {
  await using sender = new Sender();

  const said = [];
  for (const words of [[], ['bann'], ['ban', '--jial', 'x'], ['ban', '--jail'], ['unban', '--jail', 'x']]) {
    const { code, stderr } = await sender.queue(...words);
    said.push(`${code} ${stderr.split('\n')[0] ?? ''}`);
  }

  assert.equal(said, [
    '2 banspool-send: error: "" is not ban, prolong, unban, start, stop, flush or reload',
    '2 banspool-send: error: "bann" is not ban, prolong, unban, start, stop, flush or reload',
    '2 banspool-send: error: unknown option "--jial"',
    '2 banspool-send: error: --jail needs a value',
    '2 banspool-send: error: --ip: "" is not an IP address or network; host names are not resolved',
  ]);
  assert.equal(sender.hidden, []);
});

queue('everybody may read an intent, whatever the umask of fail2ban, and nobody else may write', async () => {
  await using sender = new Sender();

  await sender.queue('ban', ...BAN);

  assert.is(fs.statSync(join(sender.outbox, sender.waiting[0] ?? '')).mode & 0o777, 0o644);
  assert.is(fs.statSync(sender.outbox).mode & 0o777, 0o700);
});

queue('an intent appears under its name when it is whole', async () => {
  await using sender = new Sender();
  fs.mkdirSync(sender.outbox);
  const events: string[] = [];
  const watcher = fs.watch(sender.outbox, (event, name) => events.push(`${event} ${name ?? ''}`));

  await sender.queue('ban', ...BAN);

  const [name = ''] = sender.waiting;
  await eventually(() => {
    assert.ok(events.includes(`rename ${name}`));
  });
  watcher.close();
  assert.ok(events.includes(`change .${name}`), 'it was written under a temporary name');
  assert.not(events.includes(`change ${name}`), 'nothing was written under its own');
});

queue('names sort by time', async () => {
  await using sender = new Sender();
  for (const [index, ip] of ['203.0.113.9', '203.0.113.1', '203.0.113.5'].entries()) {
    sender.setClock(NOW_MS + index);
    await sender.queue('unban', '--jail', 'sshd', '--ip', ip);
  }

  const ips = sender.intents.map((intent) => ('ip' in intent ? intent.ip.text : ''));

  assert.equal(ips, ['203.0.113.9', '203.0.113.1', '203.0.113.5']);
  for (const name of sender.waiting) assert.match(name, /^[0-9]{19}-[0-9]+-1\.yaml$/);
});

queue('a clock that knows whole seconds only is good enough', async () => {
  await using sender = new Sender();
  sender.replaceProgram('date', 'case $1 in *%N) echo 1795337738N ;; *) echo 1795337738 ;; esac');

  await sender.queue('ban', ...BAN);

  assert.is(sender.intents[0]?.time, 1_795_337_738_000);
});

queue('an outbox that cannot be made or written is told, and fails', async () => {
  await using sender = new Sender();
  fs.writeFileSync(sender.outbox, 'a file');
  const unmade = await sender.queue('ban', ...BAN);
  fs.rmSync(sender.outbox);
  await using disk = await mountedAt(sender.outbox, 'ro');

  const unwritable = await sender.queue('ban', ...BAN);

  assert.is(unmade.code, 1);
  assert.match(unmade.stderr, /error: cannot create the outbox /);
  assert.is(unwritable.code, 1);
  assert.match(unwritable.stderr, /error: cannot write ban of jail sshd to the outbox /);
  assert.equal(fs.readdirSync(disk.folder), []);
});

queue('queue does not wait for the network', async () => {
  await using sender = new Sender();
  sender.setClock(undefined);
  sender.holdDelivery('held');
  sender.letShip();

  const ran = await sender.queue('ban', ...BAN);

  assert.is(ran.code, 0);
  await eventually(() => {
    assert.ok(sender.isDelivering);
  });
  assert.is(sender.waiting.length, 1);
});

queue.run();
