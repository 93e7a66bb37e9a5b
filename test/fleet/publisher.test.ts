import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearPeers } from '../../src/claims/hear.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import type { State } from '../../src/claims/state.ts';
import { readConfig } from '../../src/config/config.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { decodePeerFile, type PeerFile } from '../../src/fleet/peer-file.ts';
import { Publisher } from '../../src/fleet/publisher.ts';
import { HEARTBEAT_MS } from '../../src/fleet/rhythm.ts';
import { isSignedBy } from '../../src/fleet/ssh-signature.ts';
import { DEFAULT_PEER_LIMITS } from '../../src/policy/peer-policy.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../src/policy/policy.ts';
import type { Files } from '../../src/system/files/files.ts';
import type { Run } from '../../src/system/processes/run.ts';
import { ban, heard, IP, millis, tell, then, unban, WHOLE } from '../claims/said.ts';
import { configOf, filesOf, keyOf, signingRun } from '../support/fleet-of-memory.ts';

const publishing = suite('what is published');

const PAIR = keyOf('fw1');
const SHARD = '/fleet/out/ipv4/203.yaml';
const HEAD = ['/fleet/out/peer.yaml.sig', '/fleet/out/peer.yaml'];

/** A publisher of fw1, and what it wrote, in order. */
class Desk {
  readonly disk = new Map<string, string>();
  written: string[] = [];
  policy: Policy = EMPTY_POLICY;
  /** The path that cannot be written, and why. */
  broken: string | undefined;
  run: Run = signingRun(PAIR);
  publisher = this.open();

  /** A new process, which knows what is on the disk. */
  open(config = configOf('fw1')): Publisher {
    const real = filesOf(this.disk);
    const files: Files = {
      ...real,
      write: (path, text) => {
        if (this.broken === path) return Promise.reject(new Error(`ENOSPC: ${dirname(path)}`));
        this.written.push(path);
        return real.write(path, text);
      },
    };
    this.publisher = new Publisher({
      ...{ config, files },
      run: (...words) => this.run(...words),
    });
    return this.publisher;
  }

  /** Publishes, and says what was written for that. */
  async publish(state: State, at: number, { atOnce = true } = {}): Promise<readonly string[]> {
    this.written = [];
    const grounds = { policy: this.policy, ownAddresses: [], now: millis(at) };
    const problems = await this.publisher.publish(state, grounds, { atOnce });
    return [
      ...this.written,
      ...problems.map(({ condition, reason, message }) => `${condition} ${reason}: ${message}`),
    ];
  }

  text(path: string): string {
    return this.disk.get(path) ?? '';
  }

  get peerFile(): PeerFile {
    const file = decodePeerFile(this.text('/fleet/out/peer.yaml'));
    if (file === undefined) throw new Error('peer.yaml cannot be read');
    return file;
  }

  get isSigned(): boolean {
    const [text, signature] = [this.text('/fleet/out/peer.yaml'), this.text('/fleet/out/peer.yaml.sig')];
    return isSignedBy({ text, signature, key: PAIR.key });
  }
}

const BANNED = heard(5, ban(0, 3600));

function withMore(...said: readonly SentIntent[]): State {
  return then(BANNED, 6, ...said);
}

publishing('is each shard and the lifts, then the list of them, then its signature', async () => {
  const desk = new Desk();
  const lifted = withMore(unban(2, { server: OPERATOR, jail: EVERY_JAIL, ip: '198.51.100.7' }));

  const written = await desk.publish(lifted, 6);

  assert.equal(written, [SHARD, '/fleet/out/lifts.yaml', ...HEAD]);
  const { name, sequence, published, files } = desk.peerFile;
  assert.equal([name, sequence, published], ['fw1', millis(6), millis(6)]);
  assert.equal(
    files.map(({ path, bytes }) => [path, bytes]),
    [
      ['ipv4/203.yaml', desk.text(SHARD).length],
      ['lifts.yaml', desk.text('/fleet/out/lifts.yaml').length],
    ],
  );
  assert.match(desk.text(SHARD), `"ip": "${IP}", "server": "web1", "jail": "sshd"`);
  assert.match(desk.text('/fleet/out/lifts.yaml'), '"server": "local", "jail": "*"');
  assert.ok(desk.isSigned);
});

publishing(
  'is told also where there is nothing to tell, so that peers know that this firewall lives',
  async () => {
    const desk = new Desk();

    assert.equal(await desk.publish(heard(5), 6), HEAD);
    assert.equal(desk.peerFile.files, []);
  },
);

publishing('is written when it changed, and each ten minutes the list and its signature', async () => {
  const desk = new Desk();
  await desk.publish(BANNED, 10);
  const heartbeat = 10 + HEARTBEAT_MS / 1000;

  const [silent, alive] = [await desk.publish(BANNED, heartbeat - 1), await desk.publish(BANNED, heartbeat)];
  const changed = await desk.publish(then(BANNED, 700, ban(699, 600, { ip: '198.51.100.7' })), 700);

  assert.equal([silent, alive], [[], HEAD]);
  assert.equal(changed, ['/fleet/out/ipv4/198.yaml', ...HEAD]);
  assert.equal(
    desk.peerFile.files.map(({ path }) => path),
    ['ipv4/198.yaml', 'ipv4/203.yaml'],
  );
  assert.is(desk.peerFile.sequence, millis(700));
});

publishing('is written at most once a second, unless it is asked for at once, and is due then', async () => {
  const desk = new Desk();
  await desk.publish(BANNED, 10);
  const [due, more] = [desk.publisher.due, withMore(ban(5, 600, { jail: 'web' }))];

  const early = await desk.publish(more, 10.5, { atOnce: false });
  const waiting = desk.publisher.due;
  const atOnce = await desk.publish(withMore(ban(5, 600, { jail: 'mail' })), 10.6);
  const late = await desk.publish(more, 11.6, { atOnce: false });

  assert.equal([due, waiting], [millis(10) + HEARTBEAT_MS, millis(11)]);
  assert.equal([early, atOnce, late], [[], [SHARD, ...HEAD], [SHARD, ...HEAD]]);
  assert.is(desk.publisher.due, millis(11.6) + HEARTBEAT_MS);
});

publishing(
  'says of each file since which publication it is so, of all since its first one after a start',
  async () => {
    const desk = new Desk();
    const since = (): readonly unknown[] => desk.peerFile.files.map(({ path, since }) => [path, since]);
    await desk.publish(BANNED, 10);
    const more = withMore(ban(5, 3600, { ip: '198.51.100.7' }));

    await desk.publish(more, 20);
    const grown = since();
    await desk.publish(more, 20 + HEARTBEAT_MS / 1000);
    const heartbeat = since();
    desk.open();
    await desk.publish(more, 800);

    assert.equal(grown, [
      ['ipv4/198.yaml', millis(20)],
      ['ipv4/203.yaml', millis(10)],
    ]);
    assert.equal(heartbeat, grown);
    assert.equal(since(), [
      ['ipv4/198.yaml', millis(800)],
      ['ipv4/203.yaml', millis(800)],
    ]);
  },
);

publishing(
  'has a sequence that grows, also where the clock is set back, or the process is another',
  async () => {
    const desk = new Desk();
    await desk.publish(BANNED, 100);

    await desk.publish(withMore(ban(5, 600, { jail: 'web' })), 50);
    const set = desk.peerFile.sequence;
    desk.open();
    await desk.publish(BANNED, 51);

    assert.equal([set, desk.peerFile.sequence], [millis(100) + 1, millis(100) + 2]);
  },
);

publishing(
  'is not put off where the clock is set back, neither what changed nor a sign of life',
  async () => {
    for (const isRestarted of [false, true]) {
      const desk = new Desk();
      const ahead = 3600 + 6;
      await desk.publish(BANNED, ahead);
      if (isRestarted) desk.open();

      const changed = await desk.publish(withMore(ban(5, 900, { jail: 'web' })), 8, { atOnce: false });
      const due = desk.publisher.due;
      const alive = await desk.publish(withMore(ban(5, 900, { jail: 'web' })), 608, { atOnce: false });

      assert.equal([changed, due, alive], [[SHARD, ...HEAD], millis(8) + HEARTBEAT_MS, HEAD]);
      assert.is(desk.peerFile.sequence, millis(ahead) + 2);
    }
  },
);

publishing('is tried again in time after a failure, though the clock is set back since', async () => {
  const desk = new Desk();
  desk.broken = SHARD;
  await desk.publish(BANNED, 1800);
  desk.broken = undefined;

  const written = await desk.publish(BANNED, 8, { atOnce: false });

  assert.equal(written, [SHARD, ...HEAD]);
});

publishing('is whole again with the next publication, whatever somebody removed of it', async () => {
  const other = '/fleet/out/ipv4/198.yaml';
  const before = withMore(ban(5, 7200, { ip: '198.51.100.7' }), ban(5, 7200, { jail: 'web' }));
  const after = then(before, 8, ban(7, 7200, { jail: 'ftp', ip: '198.51.100.7' }));
  // With the file goes what it remembered of bans that ended: a line.
  for (const [gone, lines] of [
    [[SHARD], 2],
    [HEAD, 3],
    [[SHARD, other, ...HEAD], 2],
  ] as const) {
    const desk = new Desk();
    await desk.publish(then(before, 6, ban(6, 7200, { jail: 'mail' })), 6);
    await desk.publish(then(before, 7, unban(7, { jail: 'mail' })), 7);
    for (const path of gone) desk.disk.delete(path);

    await desk.publish(after, 8);

    assert.ok(desk.isSigned, gone.join());
    assert.equal(
      [desk.text(SHARD).split('\n').length, desk.text(other).split('\n').length],
      [lines + 1, 3],
      gone.join(),
    );
    for (const { path, sha256 } of desk.peerFile.files)
      assert.is(
        createHash('sha256')
          .update(desk.text(`/fleet/out/${path}`))
          .digest('hex'),
        sha256,
        path,
      );
    assert.equal(
      desk.peerFile.files.map(({ path }) => `/fleet/out/${path}`),
      [other, SHARD],
    );
  }
});

publishing('goes on from what another process published meanwhile', async () => {
  const desk = new Desk();
  await desk.publish(BANNED, 6);
  const first = desk.publisher;
  desk.open();
  await desk.publish(withMore(ban(6, 7200, { jail: 'web' })), 8);
  await desk.publish(withMore(ban(6, 7200, { jail: 'web' }), ban(6, 7200, { jail: 'ftp' })), 9);
  desk.publisher = first;

  await desk.publish(withMore(unban(7, { jail: 'web' }), unban(7, { jail: 'ftp' })), 7);

  const ended = desk
    .text(SHARD)
    .split('\n')
    .filter((line) => line.includes('"forget"'));
  assert.equal([ended.length, desk.peerFile.sequence], [2, millis(9) + 1]);
});

publishing('ends what a process before this one told and what has ended since', async () => {
  const desk = new Desk();
  const [lift, other] = [
    unban(2, { server: OPERATOR, ip: '198.51.100.7' }),
    ban(0, 3600, { ip: '192.0.2.7' }),
  ];
  await desk.publish(withMore(lift, other), 10);
  desk.open();

  const written = await desk.publish(withMore(unban(5)), 11);

  assert.match(desk.text(SHARD), /"unbanned": "[^"]*", "forget": "2026-11-22T14:30:00.000Z"/);
  assert.not.match(desk.text(SHARD), 'since');
  assert.match(desk.text('/fleet/out/ipv4/192.yaml'), /"unbanned": .*, "forget": /);
  assert.is(desk.text('/fleet/out/lifts.yaml'), '[]\n');
  assert.equal([...written].sort(), [
    ...['/fleet/out/ipv4/192.yaml', SHARD, '/fleet/out/lifts.yaml', ...[...HEAD].sort()],
  ]);
});

publishing('is not told any more once it has ended, though the state is the same', async () => {
  const desk = new Desk();
  const state = heard(5, ban(0, 60), ban(0, 900, { jail: 'web' }));
  await desk.publish(state, 5);

  await desk.publish(state, 60);
  const once = desk.text(SHARD);
  desk.open();
  await desk.publish(heard(61, ban(0, 900, { jail: 'web' }), unban(61, { jail: 'web' })), 61);
  await desk.publish(heard(900), 900);

  assert.equal(once.split('\n').length, 2);
  assert.match(once, '"jail": "web"');
  assert.is(desk.text(SHARD), '[]\n');
});

publishing('ends, be it a lift or the end of a ban, when it has nothing to say any more', async () => {
  const desk = new Desk();
  const line = { server: OPERATOR, ip: '198.51.100.7', jail: 'manual' };
  await desk.publish(withMore(ban(0, 60, line), unban(1, { ...line, jail: 'sshd' })), 6);
  const paths = ['/fleet/out/ipv4/198.yaml', '/fleet/out/lifts.yaml'];
  const told = paths.map((path) => desk.text(path));

  await desk.publish(BANNED, 7);
  const ended = paths.map((path) => desk.text(path));
  await desk.publish(BANNED, 59);
  const before = desk.text(paths[0] ?? '');
  await desk.publish(BANNED, 60);

  assert.match(told[0] ?? '', 'since');
  assert.match(told[1] ?? '', '"jail": "sshd"');
  assert.match(ended[0] ?? '', '"forget": "2026-11-22T13:31:00.000Z"');
  assert.is(before, ended[0]);
  assert.equal([ended[1], desk.text(paths[0] ?? '')], ['[]\n', '[]\n']);
});

publishing(
  'follows what a jail says of its ports, and what the policy allows, though no ban changed',
  async () => {
    const desk = new Desk();
    await desk.publish(BANNED, 6);

    const scoped = await desk.publish(withMore(tell('reload', 6, { ports: '2222' })), 7);
    const ports = desk.text(SHARD);
    const read = readPolicy('allow:\n  - { net: 203.0.113.7, until: 2026-11-22T13:31:00Z }\n');
    if (read.kind === 'policy') desk.policy = read.policy;
    await desk.publish(withMore(tell('reload', 6, { ports: '2222' })), 8);
    const allowed = desk.text(SHARD);
    await desk.publish(withMore(tell('reload', 6, { ports: '2222' })), 60);

    assert.equal(scoped, [SHARD, ...HEAD]);
    assert.match(ports, '"ports": "2222"');
    assert.not.match(allowed, 'since');
    assert.match(desk.text(SHARD), 'since');
  },
);

publishing('is nothing that came from a peer, neither a claim nor a lift', async () => {
  const desk = new Desk();
  const line = { ip: netOf(IP), jail: 'sshd' };
  const bans = [{ heard: millis(1), since: millis(1), until: millis(900) }];
  const claims = [{ ...line, server: 'fw2/web1', bans }];
  const lifts = [
    { ...line, server: 'fw2/local', jail: 'web', bans: [], unbanned: millis(1), forget: millis(900) },
  ];
  const head = { ...WHOLE, peer: 'fw2', sequence: 1, published: millis(5) };

  await desk.publish(hearPeers(BANNED, [{ ...head, claims, lifts }], millis(5)), 6);
  const beside = desk.text(SHARD);
  const more = await desk.publish(hearPeers(BANNED, [{ ...head, claims, lifts: [] }], millis(6)), 7);
  const alone = new Desk();
  await alone.publish(hearPeers(heard(5), [{ ...head, claims, lifts }], millis(5)), 6);

  assert.not.match(beside, 'fw2');
  assert.equal(more, []);
  assert.equal(
    desk.peerFile.files.map(({ path }) => path),
    ['ipv4/203.yaml'],
  );
  assert.equal(alone.written, HEAD);
});

publishing(
  'is tried again after ten seconds where it cannot be written, and is a problem until then',
  async () => {
    const desk = new Desk();
    await desk.publish(BANNED, 10);
    const more = withMore(ban(5, 600, { ip: '198.51.100.7' }));
    const told =
      'FleetPublished WriteFailed: /fleet/out: ENOSPC: /fleet/out/ipv4; banspool retries after 10 s';
    desk.broken = '/fleet/out/ipv4/198.yaml';

    const failed = await desk.publish(more, 20);
    desk.broken = undefined;
    const waiting = await desk.publish(more, 29);
    const due = desk.publisher.due;
    const again = await desk.publish(more, 30);

    assert.equal([failed, waiting, due], [[told], [told], millis(30)]);
    assert.equal(again, ['/fleet/out/ipv4/198.yaml', ...HEAD]);
  },
);

publishing('is nothing where it cannot be signed', async () => {
  const desk = new Desk();
  desk.run = () =>
    Promise.resolve({ pid: 0, exitCode: 255, stdout: '', stderr: 'x\nLoad key "/key": invalid format\n' });

  const failed = await desk.publish(BANNED, 10);

  assert.equal(failed, [
    'FleetPublished WriteFailed: /fleet/out: cannot sign with /key: Load key "/key": invalid format; ' +
      'banspool retries after 10 s',
  ]);
  assert.is(desk.disk.size, 0);
});

publishing('is whole after the start that follows a crash, wherever that was', async () => {
  const more = withMore(ban(5, 600, { jail: 'web' }));
  for (const broken of [SHARD, ...HEAD]) {
    const desk = new Desk();
    await desk.publish(BANNED, 10);
    desk.broken = broken;
    await desk.publish(more, 20);
    desk.broken = undefined;
    desk.open();

    await desk.publish(more, 21);

    assert.ok(desk.isSigned, broken);
    assert.is(desk.peerFile.sequence, millis(21), broken);
    assert.is(desk.peerFile.files[0]?.bytes, desk.text(SHARD).length, broken);
    assert.match(desk.text(SHARD), '"jail": "web"');
  }
});

publishing('is written anew where what stands there is of another firewall, or cannot be read', async () => {
  for (const [path, change] of [
    ['/fleet/out/peer.yaml', () => 'x'],
    ['/fleet/out/peer.yaml', (text: string) => text.replace('fw1', 'fw3')],
    [SHARD, () => 'x'],
    [SHARD, () => ''],
  ] as const) {
    const desk = new Desk();
    await desk.publish(BANNED, 10);
    const before = desk.text(SHARD);
    desk.disk.set(path, change(desk.text(path)));
    desk.open();

    const written = await desk.publish(BANNED, 11);

    assert.equal(written, [SHARD, ...HEAD], path);
    assert.is(desk.text(SHARD), before);
  }
});

publishing('is nothing, and never due, without a fleet', async () => {
  const read = readConfig('{}\n');
  if (read.kind === 'mistakes') throw new Error('the config is one');
  const publisher = new Publisher({ config: read.config, files: filesOf(new Map()), run: signingRun(PAIR) });

  const problems = await publisher.publish(BANNED, {
    policy: EMPTY_POLICY,
    ownAddresses: [],
    now: millis(5),
  });

  assert.equal([problems, publisher.due], [[], Infinity]);
});

publishing(
  'leaves out a file that is larger than peers take, tells it for as long as it is so, and goes on',
  async () => {
    const desk = new Desk();
    const many = Array.from({ length: 8_000 }, (_, index) =>
      ban(1, 600, { ip: `203.0.${Math.floor(index / 250)}.${index % 250}`, reason: 'x'.repeat(500) }),
    );
    const first = heard(5, ban(1, 600));
    await desk.publish(first, 5);
    const before = desk.text(SHARD);

    const large = await desk.publish(then(first, 6, ...many, ban(1, 600, { ip: '198.51.100.9' })), 6);
    const kept = desk.text(SHARD);
    const small = await desk.publish(first, 7);

    assert.equal(large.slice(0, -1), ['/fleet/out/ipv4/198.yaml', ...HEAD]);
    assert.match(
      large.at(-1) ?? '',
      /^FleetPublished TooLarge: \/fleet\/out\/ipv4\/203\.yaml would be larger than 4 MiB/,
    );
    assert.is(kept, before);
    assert.not.ok(
      small.some((line) => line.startsWith('FleetPublished')),
      small.join('\n'),
    );
  },
);

publishing('names its peers for a mover that cannot see by itself who is there', async () => {
  const { key } = PAIR;
  const peers = (...names: readonly string[]): Policy['peers'] =>
    new Map(names.map((name) => [name, { ...DEFAULT_PEER_LIMITS, key }]));
  const desk = new Desk();
  desk.policy = { ...EMPTY_POLICY, peers: peers('fw3', 'fw2') };
  const others = await desk.publish(BANNED, 5);
  desk.open(configOf('fw1', ', engine: valkey, remote: "redis://hub"'));

  const first = await desk.publish(BANNED, 6);
  const same = await desk.publish(BANNED, 7);
  desk.policy = { ...EMPTY_POLICY, peers: peers('fw2') };
  const changed = await desk.publish(BANNED, 8);

  const list = '/fleet/out/peers.json';
  assert.equal(
    [others.includes(list), first[0], same.includes(list), changed[0]],
    [false, list, false, list],
  );
  assert.is(desk.text(list), '["fw2"]\n');
});

publishing.run();
