/** What waits in the outbox, and how it gets from there to the firewall. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { NOW_MS, Sender, SHELLS } from './sender.ts';

const outbox = suite('the outbox');

const ban = (ip: string, jail = 'sshd'): readonly string[] => ['intent: ban', `jail: ${jail}`, `ip: "${ip}"`];
const snapshot = (jail: string): readonly string[] => ['intent: snapshot', `jail: ${jail}`, 'bans: []'];

/** Names in the order of time, as queue gives them. */
const nameOf = (index: number): string => `${NOW_MS + index}000000-1-1.yaml`;

/** Drops these and ships them to where nobody is; returns the places in the list of those that still wait. */
async function keptOf(sender: Sender, intents: readonly (readonly string[])[]): Promise<readonly number[]> {
  for (const [index, lines] of intents.entries()) sender.drop(nameOf(index), ...lines);
  sender.breakDelivery('nobody is there');
  await sender.run(['ship']);
  return sender.waiting.map((name) => Number(name.slice(0, 13)) - NOW_MS);
}

const others = (count: number): readonly (readonly string[])[] =>
  Array.from({ length: count }, (_, index) => ban(`10.0.0.${index}`));

for (const shell of SHELLS) {
  outbox(
    `all that waits is delivered in the order of time, and gone from here, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      const names = [5, 3, 4, 1, 2].map(nameOf);
      for (const name of names) sender.drop(name, ...ban('203.0.113.7'));
      fs.writeFileSync(join(sender.outbox, `.${nameOf(0)}`), 'intent: b');

      const ran = await sender.run(['ship'], { shell });

      assert.equal(ran, { code: 0, stdout: '', stderr: '' });
      assert.equal(sender.arrived, names.sort());
      assert.equal(sender.waiting, []);
      assert.ok(sender.hidden.includes(`.${nameOf(0)}`), 'what is still being written stays');
    },
  );

  outbox(
    `a full outbox drops what was superseded and then the oldest, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender({ outbox_max: 100 });
      const intents = [
        ...[ban('203.0.113.1'), ban('203.0.113.2'), ban('203.0.113.1', 'web'), snapshot('mail')],
        ...[...others(98), ban('203.0.113.2'), snapshot('mail')],
      ];
      for (const [index, lines] of intents.entries()) sender.drop(nameOf(index), ...lines);
      sender.breakDelivery('nobody is there');

      await sender.run(['ship'], { shell });

      assert.is(sender.waiting.length, 100);
      assert.equal(sender.waiting.slice(0, 2), [nameOf(4), nameOf(5)]);
      assert.is(
        sender.log[0],
        'warning: the outbox had 104 intents (limit 100): dropped 2 superseded ones and the 2 oldest others',
      );
    },
  );
}

outbox(
  'an intent for the same address of the same jail supersedes, one of another jail does not',
  async () => {
    await using sender = new Sender({ outbox_max: 100 });

    const kept = await keptOf(sender, [
      ban('203.0.113.1', 'web'),
      ban('203.0.113.1'),
      ['intent: unban', 'jail: web', 'ip: "203.0.113.2"'],
      ...others(97),
      ['intent: unban', 'jail: sshd', 'ip: "203.0.113.1"'],
    ]);

    assert.is(kept.length, 100);
    assert.not(kept.includes(1));
  },
);

outbox(
  'a later snapshot supersedes all of its jail, and older snapshots go before what nothing supersedes',
  async () => {
    await using sender = new Sender({ outbox_max: 100 });

    const kept = await keptOf(sender, [
      ban('203.0.113.1'),
      ban('203.0.113.2', 'web'),
      snapshot('web'),
      ...others(98),
      snapshot('web'),
    ]);

    assert.equal(kept.slice(0, 2), [0, 3]);
    assert.is(kept.length, 100);
  },
);

outbox('of many superseded ones the oldest go, and only as many as are too many', async () => {
  await using sender = new Sender({ outbox_max: 100 });

  const kept = await keptOf(sender, [...Array.from({ length: 10 }, () => ban('203.0.113.1')), ...others(93)]);

  assert.equal(kept.slice(0, 7), [3, 4, 5, 6, 7, 8, 9]);
  assert.is(kept.length, 100);
});

outbox('an outbox within its bound keeps all, superseded or not', async () => {
  await using sender = new Sender({ outbox_max: 100 });

  const kept = await keptOf(
    sender,
    Array.from({ length: 100 }, () => ban('203.0.113.1')),
  );

  assert.is(kept.length, 100);
  assert.equal(
    sender.log.filter((line) => line.includes('dropped')),
    [],
  );
});

outbox('more than a thousand intents are delivered in one go', async () => {
  await using sender = new Sender();
  const names = Array.from({ length: 1001 }, (_, index) => nameOf(index));
  for (const name of names) sender.drop(name, ...ban('203.0.113.7'));

  await sender.run(['ship']);

  assert.equal(sender.arrived, names);
  assert.equal(sender.waiting, []);
});

for (const shell of SHELLS) {
  outbox(`a flush whose stop follows is never delivered, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();

    await sender.run(['queue', 'flush', '--jail', 'sshd'], { shell });
    const held = sender.waiting;
    sender.setClock(NOW_MS + 10_000);
    await sender.run(['queue', 'stop', '--jail', 'sshd'], { shell });
    await sender.run(['ship'], { shell });

    assert.equal(held, []);
    assert.is(sender.arrived.length, 1);
    assert.match(
      fs.readFileSync(join(sender.folder, 'firewall', sender.arrived[0] ?? ''), 'utf8'),
      /^intent: stop$/m,
    );
  });

  outbox(
    `a flush that no stop follows is delivered after some seconds, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      await sender.run(['queue', 'flush', '--jail', 'sshd'], { shell });

      const ran = await sender.run(['ship'], { shell });

      assert.is(ran.code, 0);
      const [name = ''] = sender.arrived;
      assert.match(name, /^[0-9]{19}-[0-9]+-1\.yaml$/);
      assert.match(
        fs.readFileSync(join(sender.folder, 'firewall', name), 'utf8'),
        new RegExp(`^intent: flush\njail: sshd\ntime: ${NOW_MS / 1000}0\n\\.\\.\\.\n$`),
      );
      assert.ok(sender.clock < NOW_MS + 10_000, 'in time for a stop');
    },
  );
}

outbox('a flush from before the clock was set back is not held until the clock has caught up', async () => {
  await using sender = new Sender();
  await sender.queue('flush', '--jail', 'sshd');
  sender.setClock(NOW_MS - 3_600_000);

  await sender.run(['ship']);

  assert.is(sender.arrived.length, 1);
  assert.is(sender.clock, NOW_MS - 3_600_000, 'it slept');
});

outbox('a jail that starts, stops or flushes is unsettled, and one that only reloads is not', async () => {
  await using sender = new Sender();
  for (const intent of ['start', 'stop', 'flush', 'reload'])
    await sender.queue(intent, '--jail', `j-${intent}`);

  const unsettled = sender.hidden.filter((name) => name.startsWith('.unsettled,'));

  assert.equal(unsettled.sort(), ['.unsettled,j-flush', '.unsettled,j-start', '.unsettled,j-stop']);
});

outbox('a stop takes back the flush of its own jail only, and none that is older than 10 s', async () => {
  await using sender = new Sender();
  await sender.queue('flush', '--jail', 'old');
  sender.setClock(NOW_MS + 10_000);
  for (const jail of ['ssh', 'sshd']) await sender.queue('flush', '--jail', jail);
  sender.setClock(NOW_MS + 10_001);

  for (const jail of ['old', 'ssh']) await sender.queue('stop', '--jail', jail);

  const said = sender.intents.map(({ intent, jail }) => `${intent} ${jail}`);
  assert.equal(said.sort(), ['flush old', 'stop old', 'stop ssh']);
  assert.is(sender.hidden.filter((name) => name.startsWith('.held,sshd,')).length, 1);
});

outbox('what could not be delivered stays, and status tells so until it arrives', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  sender.breakDelivery('ssh: connect to host fw port 22: Connection refused\r\nrsync error: unexplained\n');

  const failed = await sender.run(['ship']);
  sender.setClock(NOW_MS + 60_000);
  const again = await sender.run(['ship']);
  const failing = await sender.run(['status']);
  sender.breakDelivery(undefined);
  const recovered = await sender.run(['ship']);
  const well = await sender.run(['status']);

  assert.equal([failed.code, again.code, recovered.code], [1, 1, 0]);
  assert.equal(failing, {
    code: 1,
    stdout:
      '1 intents wait for fw.example.net, the oldest for 60 s\n' +
      'deliveries have failed for 60 s: ssh: connect to host fw port 22: Connection refused\n',
    stderr: '',
  });
  assert.equal(well, {
    code: 0,
    stdout: 'nothing waits for fw.example.net\nlast delivery 0 s ago\n',
    stderr: '',
  });
  assert.equal(sender.arrived, [nameOf(0)]);
  assert.equal(sender.log, [
    'warning: cannot deliver to fw.example.net; retrying later: ssh: connect to host fw port 22: Connection refused',
    'notice: delivery to fw.example.net works again after 60 s',
  ]);
});

outbox('a failure of another kind is told anew, and counts from the first', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  for (const [index, words] of [
    '  no route \n',
    '  no route \n',
    '@@@@\nHost key \u001b[31mchanged\n',
  ].entries()) {
    sender.setClock(NOW_MS + index * 1000);
    sender.breakDelivery(words);
    await sender.run(['ship']);
  }

  const { stdout } = await sender.run(['status']);

  assert.is(sender.log.length, 2);
  assert.match(stdout, /^deliveries have failed for 2 s: Host key \?\[31mchanged$/m);
});

outbox('the banner of the sshd there is not told as what went wrong', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  // As the ssh that it is given would, unless it is told to say errors alone.
  sender.replaceProgram(
    'rsync',
    `case "$*" in *' LogLevel=ERROR '*) ;; *) echo 'Authorized use only.' >&2 ;; esac
echo 'fail2ban@fw.example.net: Permission denied (publickey).' >&2
exit 255`,
  );

  await sender.run(['ship']);

  assert.equal(sender.log, [
    'warning: cannot deliver to fw.example.net; retrying later: fail2ban@fw.example.net: Permission denied (publickey).',
  ]);
});

/** As scp does: with -q neither it nor its ssh says more than that the connection is closed. */
const FAILING_SCP = `case " $* " in *' -q '*) ;; *) cat $world/down >&2 ;; esac
echo 'scp: Connection closed' >&2
echo progress
exit 255`;

for (const shell of SHELLS) {
  outbox(`what ssh says of a failed scp is told, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender({ transport: 'scp' });
    sender.drop(nameOf(0), ...ban('203.0.113.7'));
    sender.replaceProgram('scp', FAILING_SCP);
    sender.breakDelivery(
      'No ED25519 host key is known for fw.example.net\r\nHost key verification failed.\r\n',
    );

    const { stdout } = await sender.run(['ship'], { shell });

    assert.is(stdout, '');
    assert.equal(sender.log, [
      'warning: cannot deliver to fw.example.net; retrying later: No ED25519 host key is known for fw.example.net',
    ]);
  });
}

outbox('what scp may not do to files that did arrive is not told as what went wrong', async () => {
  await using sender = new Sender({ transport: 'scp' });
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  sender.replaceProgram('scp', FAILING_SCP);
  sender.breakDelivery(
    'scp: remote fsetstat: Permission denied\nscp: remote fsetstat: Permission denied\nclient_loop: send disconnect: Broken pipe\r\n',
  );

  await sender.run(['ship']);

  assert.equal(sender.log, [
    'warning: cannot deliver to fw.example.net; retrying later: client_loop: send disconnect: Broken pipe',
  ]);
});

outbox('a shipper that has nothing to deliver claims no delivery', async () => {
  await using sender = new Sender();

  await sender.run(['ship']);

  const { stdout } = await sender.run(['status']);
  assert.is(stdout, 'nothing waits for fw.example.net\n');
});

outbox('a shipper that queue started tries six times within a minute', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  sender.breakDelivery('nobody is there');

  const ran = await sender.run(['ship', '--again']);

  assert.is(ran.code, 1);
  assert.is(sender.clock, NOW_MS + (1 + 2 + 4 + 8 + 16) * 1000);
  assert.equal(sender.waiting, [nameOf(0)]);
});

outbox('a shipper goes on when the firewall is back', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  sender.breakDelivery('nobody is there');
  sender.replaceProgram('sleep', 'rm -f $world/down');

  const ran = await sender.run(['ship', '--again']);

  assert.is(ran.code, 0);
  assert.equal(sender.arrived, [nameOf(0)]);
});

outbox('an intent has a shipper at once also where the clock was set back since the last began', async () => {
  await using sender = new Sender();
  const started = join(sender.folder, 'started');
  // Each is killed before it looks into the outbox.
  sender.replaceProgram('setsid', `echo "$*" >>${started}`);
  await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.1');
  sender.setClock(NOW_MS - 3_600_000);

  await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.2');

  await eventually(() => {
    assert.match(fs.readFileSync(started, 'utf8'), /^(.* ship --again\n){2}$/);
  });
});

/** As fail2ban starts it: in a session of its own, with a shell between where that does not step aside. */
const apart = [...SHELLS, ['dash', '-c', '"$0" "$@"; exit']].map((shell) => [
  '/usr/bin/setsid',
  '--wait',
  ...shell,
]);

for (const shell of apart) {
  outbox(
    `queue goes on as the shipper in a session of its own, under ${shell.slice(2).join(' ')}`,
    async () => {
      await using sender = new Sender();
      sender.replaceProgram('setsid', 'echo >$world/anew');

      await sender.run(['queue', 'ban', '--jail', 'sshd', '--ip', '203.0.113.1'], { shell });

      await eventually(() => {
        assert.equal([sender.arrived.length, sender.waiting], [1, []]);
      });
      assert.not(fs.existsSync(join(sender.folder, 'anew')));
    },
  );
}

outbox('however many ship at once, one transport runs; what comes meanwhile is delivered after', async () => {
  await using sender = new Sender();
  sender.setClock(undefined);
  sender.holdDelivery('held');
  sender.letShip();
  await sender.queue('ban', '--jail', 'sshd', '--ip', '203.0.113.1');
  await eventually(() => {
    assert.ok(sender.isDelivering);
  });

  await Promise.all(
    Array.from({ length: 8 }, async (_, index) =>
      sender.queue('ban', '--jail', 'sshd', '--ip', `203.0.113.${10 + index}`),
    ),
  );
  const whileHeld = [sender.arrived.length, sender.waiting.length];
  sender.holdDelivery(undefined);

  await eventually(() => {
    assert.is(sender.arrived.length, 9);
    assert.equal(sender.waiting, []);
  });
  assert.equal(whileHeld, [0, 9]);
  assert.equal(sender.overlaps, []);
  assert.is(new Set(sender.arrived).size, 9, 'each once');
});

// 8 is the lock of the one that waits, 9 of the one that ships.
for (const lock of [8, 9]) {
  outbox(`a shipper of a timer or a person that does not get lock ${lock} fails, and says why`, async () => {
    await using sender = new Sender();
    sender.drop(nameOf(0), ...ban('203.0.113.7'));
    sender.replaceProgram('flock', `case "$*" in --version) echo util-linux ;; *" ${lock}") exit 1 ;; esac`);

    const ran = await sender.run(['ship']);

    assert.equal(ran, {
      code: 1,
      stdout: '',
      stderr:
        'banspool-send: error: another process has been delivering for 60 s\nbanspool-send: hint: banspool-send status shows why\n',
    });
    assert.equal(sender.waiting, [nameOf(0)]);
  });
}

outbox('by scp all that waits goes in one call, to an address in brackets where it has colons', async () => {
  await using sender = new Sender({ transport: 'scp', firewall: '2001:db8::1' });
  sender.replaceProgram(
    'scp',
    'for word; do last=$word; done; echo "$last" >$world/target; printf "%s\\n" "$@" | grep yaml >>$world/arrived',
  );
  for (const index of [0, 1]) sender.drop(nameOf(index), ...ban('203.0.113.7'));

  const ran = await sender.run(['ship']);

  assert.is(ran.code, 0);
  assert.equal(sender.arrived, [nameOf(0), nameOf(1)]);
  assert.is(fs.readFileSync(join(sender.folder, 'target'), 'utf8'), '[2001:db8::1]:\n');
  assert.equal(sender.waiting, []);
});

for (const [firewall, target] of [
  ['user@2001:db8::1', 'user@[2001:db8::1]:'],
  ['user@fw.example.net', 'user@fw.example.net:'],
] as const) {
  outbox(`${firewall} is ${target} to rsync and scp`, async () => {
    for (const transport of ['rsync', 'scp']) {
      await using sender = new Sender({ transport, firewall });
      sender.replaceProgram(transport, 'for word; do last=$word; done; echo "$last" >$world/target');
      sender.drop(nameOf(0), ...ban('203.0.113.7'));

      await sender.run(['ship']);

      assert.is(fs.readFileSync(join(sender.folder, 'target'), 'utf8'), `${target}\n`);
    }
  });
}

outbox('a file that a crash left empty is dropped, and told of, and keeps no other back', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(2), ...ban('203.0.113.7'));
  fs.writeFileSync(join(sender.outbox, nameOf(1)), '');

  await sender.run(['ship']);
  fs.writeFileSync(join(sender.outbox, nameOf(3)), '');
  const alone = await sender.run(['ship']);

  assert.equal([sender.arrived, sender.waiting, alone.code], [[nameOf(2)], [], 0]);
  assert.equal(
    sender.log,
    [1, 3].map((index) => `warning: dropped ${nameOf(index)}, which a crash of this machine left empty`),
  );
});

outbox('a state file that a full disk left empty stops nothing', async () => {
  await using sender = new Sender();
  sender.drop(nameOf(0), ...ban('203.0.113.7'));
  for (const name of ['.failing', '.delivered', '.snapshot']) fs.writeFileSync(join(sender.outbox, name), '');

  const ran = await sender.run(['snapshot']);

  assert.is(ran.code, 0, ran.stderr);
  assert.equal(sender.arrived, [nameOf(0)]);
});

for (const shell of SHELLS) {
  outbox(
    `what a full disk left of a failure keeps neither status nor the next delivery, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      sender.drop(nameOf(0), ...ban('203.0.113.7'));
      sender.breakDelivery('ssh: connect to host fw port 22: Connection refused\n');

      const told: string[] = [];
      for (const left of ['', ' ssh: connect to host fw', 'ssh: connect to host fw']) {
        fs.writeFileSync(join(sender.outbox, '.failing'), left);
        await sender.run(['ship'], { shell });
        told.push((await sender.run(['status'], { shell })).stdout);
      }
      fs.writeFileSync(join(sender.outbox, '.failing'), ' ssh: connect to host fw\n');
      sender.breakDelivery(undefined);
      const recovered = await sender.run(['ship'], { shell });

      const failed = 'deliveries have failed for 0 s: ssh: connect to host fw port 22: Connection refused\n';
      for (const text of told) assert.ok(text.endsWith(failed), text);
      assert.equal([recovered.code, recovered.stderr.split('\n').length], [0, 2], recovered.stderr);
      assert.is(sender.log.at(-1), 'notice: delivery to fw.example.net works again after 0 s');
    },
  );
}

outbox.run();
