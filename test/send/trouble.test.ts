/** An outbox that is full, foreign or refused, and how the sender goes on. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { outputOf, runProgram } from '../support/run-program.ts';
import { NOW_MS, Sender, SHELLS } from './sender.ts';

const outbox = suite('an outbox in trouble');

const ban = (ip: string): readonly string[] => ['intent: ban', 'jail: sshd', `ip: "${ip}"`];

/** Names in the order of time, as queue gives them. */
const nameOf = (index: number): string => `${NOW_MS + index}000000-1-1.yaml`;

outbox('files that banspool-send did not write are left alone, stop nothing, and are told', async () => {
  await using sender = new Sender({ outbox_max: 2000 });
  const names = Array.from({ length: 1001 }, (_, index) => nameOf(index));
  for (const name of names) sender.drop(name, ...ban('203.0.113.7'));
  for (const name of ['1 2.yaml', '1.yaml', '2026-backup.yaml', '1-2-3-4.yaml', '1-2-3x.yaml'])
    fs.writeFileSync(join(sender.outbox, name), 'foreign');
  fs.mkdirSync(join(sender.outbox, '1-1-1.yaml'));
  fs.symlinkSync('/etc/passwd', join(sender.outbox, '1-1-2.yaml'));
  sender.breakDelivery('nobody is there');
  await sender.run(['ship']);
  const failing = await sender.run(['status']);
  sender.breakDelivery(undefined);

  const ran = await sender.run(['ship']);

  const status = await sender.run(['status']);
  assert.equal([ran.code, ran.stderr.split('\n').length], [0, 2], ran.stderr);
  assert.equal(sender.arrived, names);
  assert.is(sender.waiting.length, 7);
  assert.match(failing.stdout, /^1001 intents wait/);
  assert.is(status.code, 0);
  assert.match(
    status.stdout,
    /^nothing waits for fw\.example\.net\nnot sent, because banspool-send did not write it: 7 files, such as \/.*outbox\/1 2\.yaml\n/,
  );
});

for (const shell of SHELLS) {
  outbox(`one file that is none of ours is named by its path, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();
    fs.mkdirSync(sender.outbox);
    fs.writeFileSync(join(sender.outbox, 'mine\u0007'), '');
    sender.replaceProgram('ssh', 'exit 255');

    const status = await sender.run(['status'], { shell });
    const check = await sender.run(['check'], { shell });

    const said = `not sent, because banspool-send did not write it: ${sender.outbox}/mine?`;
    assert.ok(status.stdout.includes(`${said}\n`), status.stdout);
    assert.ok(check.stdout.includes(`warn  ${said}\n`), check.stdout);
  });
}

for (const options of ['size=4k', 'ro']) {
  outbox(`status tells of an outbox that cannot be written (${options})`, async () => {
    await using sender = new Sender();
    fs.mkdirSync(sender.outbox);
    await outputOf(['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', sender.outbox]);
    if (options !== 'ro') fs.writeFileSync(join(sender.outbox, '.full'), Buffer.alloc(4096));

    const ran = await sender.run(['status']);

    await outputOf(['umount', sender.outbox]);
    assert.equal(ran, {
      code: 1,
      stdout: `nothing waits for fw.example.net\nthe outbox ${sender.outbox} cannot be written: new bans are lost until the next snapshot\n`,
      stderr: '',
    });
  });
}

outbox(
  'status says that it wants root where it cannot look, and takes no file system for something foreign',
  async () => {
    await using sender = new Sender();
    fs.mkdirSync(join(sender.outbox, 'lost+found'), { recursive: true });
    const asRoot = await sender.run(['status']);
    fs.chmodSync(sender.outbox, 0);

    const ran = await sender.run(['status'], {
      shell: ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', 'dash'],
    });

    assert.equal(asRoot, { code: 0, stdout: 'nothing waits for fw.example.net\n', stderr: '' });
    assert.is(ran.code, 1);
    assert.is(
      ran.stderr,
      `banspool-send: error: the outbox ${sender.outbox} cannot be read\nbanspool-send: hint: run it as root\n`,
    );
  },
);

outbox('many thousands too many are dropped by few processes', async () => {
  await using sender = new Sender({ outbox_max: 100 });
  for (let index = 0; index < 3000; index++) sender.drop(nameOf(index), ...ban('203.0.113.7'));
  sender.replaceProgram('rm', 'echo >>$world/removals; exec /bin/rm "$@"');
  sender.breakDelivery('nobody is there');

  await sender.run(['ship']);

  assert.is(sender.waiting.length, 100);
  assert.ok(fs.readFileSync(join(sender.folder, 'removals')).length < 20);
});

const REFUSED = 'fail2ban@fw.example.net: Permission denied (publickey).\n';
const UNKNOWN = 'No ED25519 host key is known for fw.example.net\r\nHost key verification failed.\r\n';
const HUNG_UP = 'kex_exchange_identification: Connection closed by remote host\n';

for (const words of [REFUSED, UNKNOWN]) {
  outbox(
    `a server that hears ${words.split(/[\r\n]/)[0] ?? ''} tries seldom, the longer the more seldom`,
    async () => {
      await using sender = new Sender();
      sender.drop(nameOf(0), ...ban('203.0.113.7'));
      sender.replaceProgram('rsync', 'cat $world/now >>$world/tries; cat $world/down >&2; exit 255');
      sender.breakDelivery(words);

      for (let seconds = 0; seconds <= 1200; seconds += 30) {
        sender.setClock(NOW_MS + seconds * 1000);
        await sender.run(seconds % 60 === 0 ? ['snapshot'] : ['ship', '--again']);
      }

      const tries = fs.readFileSync(join(sender.folder, 'tries'), 'utf8').split('\n').slice(0, -1);
      assert.equal(
        tries.map((line) => (Number(line.slice(0, -6)) - NOW_MS) / 1000),
        [0, 30, 90, 210, 450, 750, 1050],
      );
      const status = await sender.run(['status']);
      assert.match(status.stdout, /^the next attempt is in 150 s; to try now, run: banspool-send ship$/m);
      await sender.run(['ship']);
      assert.is(fs.readFileSync(join(sender.folder, 'tries'), 'utf8').split('\n').length, tries.length + 2);
    },
  );
}

outbox(
  'a server that is let in again sends at once as ever, and a clock set back holds nothing up',
  async () => {
    await using sender = new Sender();
    sender.drop(nameOf(0), ...ban('203.0.113.7'));
    sender.breakDelivery(REFUSED);
    await sender.run(['ship', '--again']);
    sender.setClock(NOW_MS - 3_600_000);
    await sender.run(['ship', '--again']);
    sender.breakDelivery(undefined);

    const byHand = await sender.run(['ship']);
    sender.drop(nameOf(1), ...ban('203.0.113.8'));
    await sender.run(['ship', '--again']);

    assert.is(byHand.code, 0);
    assert.equal(sender.arrived, [nameOf(0), nameOf(1)]);
  },
);

outbox('an sshd that closes the connection before its greeting is told with what it may want', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  sender.breakDelivery(HUNG_UP);

  await sender.run(['ship', '--again']);

  const { stdout } = await sender.run(['status']);
  assert.match(
    sender.log[1] ?? '',
    /^warning: fw\.example\.net closes the connection .* PerSourcePenaltyExemptList in its sshd_config/,
  );
  assert.is(sender.log.length, 2);
  assert.match(
    stdout,
    /^fw\.example\.net closes the connection before its greeting: .*PerSourcePenaltyExemptList/m,
  );
  assert.ok(sender.clock > NOW_MS + 30_000, 'it goes on trying');
});

outbox('after the clock was set back the next ban starts a shipper at once', async () => {
  await using sender = new Sender();
  sender.replaceProgram('setsid', 'echo >>$world/started');
  await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.7');
  sender.setClock(NOW_MS - 3_600_000);

  await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.8');

  await eventually(() => {
    assert.is(fs.readFileSync(join(sender.folder, 'started'), 'utf8'), '\n\n');
  });
});

outbox('a connection that stays open after a delivery does not keep the next one waiting', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  // As an ssh does that becomes the master of those to come.
  sender.replaceProgram('rsync', '/bin/sleep 60 </dev/null >/dev/null 2>&1 & echo $! >$world/master');

  await sender.run(['ship']);

  const locks = ['.waiting', '.shipping'].map(async (name) =>
    runProgram(['flock', '-n', join(sender.outbox, name), 'true']),
  );
  const codes = (await Promise.all(locks)).map(({ code }) => code);
  process.kill(Number(fs.readFileSync(join(sender.folder, 'master'), 'utf8')));
  assert.equal(codes, [0, 0]);
});

for (const [transport, standIn] of [
  ['rsync', 'while [ "$1" != -e ]; do shift; done; /usr/bin/$2 -G fw.example.net >$world/settings'],
  [
    'scp',
    'while [ "$1" = -o ] || [ "$1" = -F ]; do o="$o $1 $2"; shift 2; done; /usr/bin/ssh $o -G fw >$world/settings',
  ],
] as const)
  outbox(`by ${transport} no host key is believed that is not known, whatever ssh_config says`, async () => {
    await using sender = new Sender({ transport });
    fs.writeFileSync(join(sender.folder, 'ssh_config'), 'StrictHostKeyChecking accept-new\n');
    sender.drop(nameOf(0), ...ban('203.0.113.7'));
    sender.replaceProgram(transport, standIn);

    await sender.run(['ship', '--once']);

    const settings = fs.readFileSync(join(sender.folder, 'settings'), 'utf8');
    assert.match(settings, /^stricthostkeychecking (true|yes)$/m);
  });

outbox.run();
