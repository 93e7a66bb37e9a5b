import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fold, type SentIntent } from '../../../src/claims/fold.ts';
import { forgetPeers, hearPeers } from '../../../src/claims/hear.ts';
import { EMPTY_STATE, type State } from '../../../src/claims/state.ts';
import { StateStore, type Loaded } from '../../../src/ledger/store/store.ts';
import { files, type Files } from '../../../src/system/files/files.ts';
import { netOf } from '../../../src/domain/net.ts';
import { ban, bansAt, heard, IP, millis, tell, then, unban, WHOLE } from '../../claims/said.ts';

const store = suite('store', { folder: '' });

store.before.each((context) => {
  context.folder = fs.mkdtempSync(join(tmpdir(), 'banspool-store-'));
});

store.after.each(({ folder }) => {
  fs.rmSync(folder, { recursive: true });
});

const NO_LOCK = (): void => undefined;

const LINE = `- { "ip": "${IP}", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": null }\n`;

function stateOf(loaded: Loaded): State {
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded));
  return loaded.state;
}

function write(path: string, text: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, text);
}

const somebody: readonly SentIntent[] = [
  tell('start', 0, { ports: '22', protocols: 'tcp' }),
  ban(1, 600, { failures: 5 }),
  ban(1, 600, { ip: '198.51.100.1', server: 'mail' }),
  ban(1, 600, { ip: '2001:db8::7' }),
  unban(2, { ip: '198.51.100.2' }),
];

store('a state that was saved is loaded as it was, by another process too', async ({ folder }) => {
  const state = heard(5, ...somebody);
  await new StateStore(folder, files).save(state, NO_LOCK);

  const loaded = stateOf(await new StateStore(folder, files).load());

  assert.equal(loaded, state);
});

store('a folder with nothing in it is an empty state', async ({ folder }) => {
  assert.equal(stateOf(await new StateStore(join(folder, 'none'), files).load()), EMPTY_STATE);
});

store(
  'each first octet of IPv4 has a file, each of 256 parts of IPv6, and each server',
  async ({ folder }) => {
    const written = await new StateStore(folder, files).save(heard(5, ...somebody), NO_LOCK);

    const found = fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'));
    assert.equal([...written].sort(), found.sort());
    assert.equal(found, [
      'claims/ipv4/198.yaml',
      'claims/ipv4/203.yaml',
      'claims/ipv6/94.yaml',
      'servers/web1.yaml',
    ]);
  },
);

store('only what changed is written', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  const state = heard(5, ...somebody);
  await mine.save(state, NO_LOCK);

  const written = await mine.save(fold(state, [ban(6, 600)], millis(6)), NO_LOCK);

  assert.equal(written, ['claims/ipv4/203.yaml']);
});

store('what is the same is not written, and needs no lock', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  const state = heard(5, ...somebody);
  await mine.save(state, NO_LOCK);

  const written = await mine.save(state, () => {
    throw new Error('locked');
  });

  assert.equal(written, []);
});

store('nothing is written when the lock was lost', async ({ folder }) => {
  const mine = new StateStore(folder, files);

  let thrown: unknown;
  await mine
    .save(heard(5, ...somebody), () => {
      throw new Error('lost');
    })
    .catch((error: unknown) => (thrown = error));

  assert.is((thrown as Error).message, 'lost');
  assert.equal(fs.readdirSync(folder), []);
});

store('a state that nobody touched is loaded as the same object', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  const state = heard(5, ...somebody);
  await mine.save(state, NO_LOCK);

  assert.ok(stateOf(await mine.load()) === state);
  assert.is(await mine.isStale(), false);
});

store('a line that a person took out is gone, and the rest is as it was', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  await mine.save(heard(5, ...somebody), NO_LOCK);
  write(join(folder, 'claims/ipv4/203.yaml'), '[]\n');

  const stale = await mine.isStale();
  const loaded = stateOf(await mine.load());

  assert.is(stale, true);
  assert.equal(bansAt(loaded, 5), ['mail sshd 198.51.100.1 until 601', 'web1 sshd 2001:db8::7 until 601']);
});

store('a file that a person saved since it was read is not written over', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  const state = heard(5, ban(1, 600));
  await mine.save(state, NO_LOCK);
  const path = join(folder, 'claims/ipv4/203.yaml');
  write(path, LINE);

  const refused = await mine
    .save(fold(state, [ban(2, 900)], millis(5)), NO_LOCK)
    .then(() => 'it was saved', String);

  assert.match(refused, 'claims/ipv4/203.yaml was edited during the pass; the next pass reads it again');
  assert.is(fs.readFileSync(path, 'utf8'), LINE);
});

store('a line that a person wrote is a claim', async ({ folder }) => {
  write(join(folder, 'claims/ipv4/203.yaml'), `# why not\n${LINE}`);

  const loaded = stateOf(await new StateStore(folder, files).load());

  assert.equal(bansAt(loaded, 5), [`web1 sshd ${IP} until Infinity`]);
});

store('when the last claim of a file ends the file stays, and is a list of nothing', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  const state = heard(5, ...somebody);
  await mine.save(state, NO_LOCK);

  await mine.save(fold(state, [], millis(700)), NO_LOCK);

  assert.is(fs.readFileSync(join(folder, 'claims/ipv4/203.yaml'), 'utf8'), '[]\n');
  assert.is(stateOf(await new StateStore(folder, files).load()).shards.size, 1);
});

store('a file that is gone is told of, and nothing is concluded from it', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  await mine.save(heard(5, ...somebody), NO_LOCK);
  fs.rmSync(join(folder, 'claims/ipv4/203.yaml'));

  const loaded = await mine.load();
  const accepted = await mine.load({ mayLack: true });

  assert.equal(loaded, { kind: 'lacking' });
  assert.is(bansAt(stateOf(accepted), 5).length, 2);
});

store('a claim in the wrong file is moved to where it belongs', async ({ folder }) => {
  write(join(folder, 'claims/ipv4/10.yaml'), LINE + LINE.replace(IP, '10.0.0.1'));
  write(join(folder, 'claims/ipv4/by-hand.yaml'), LINE.replace(IP, '2001:db8::7'));
  const mine = new StateStore(folder, files);
  const loaded = stateOf(await mine.load());

  await mine.save(loaded, NO_LOCK);

  assert.is(bansAt(loaded, 5).length, 3);
  const read = (path: string): string => fs.readFileSync(join(folder, path), 'utf8');
  assert.is(read('claims/ipv4/203.yaml'), LINE);
  assert.is(read('claims/ipv4/10.yaml'), LINE.replace(IP, '10.0.0.1'));
  assert.is(read('claims/ipv6/94.yaml'), LINE.replace(IP, '2001:db8::7'));
  assert.is(fs.existsSync(join(folder, 'claims/ipv4/by-hand.yaml')), false);
});

/** As versions that kept IPv6 by its first group left it: two of these are of one part now, and one is empty. */
function writeFormer(folder: string): void {
  write(
    join(folder, 'claims/ipv6/2001.yaml'),
    LINE.replace(IP, '2001:db8::7') + LINE.replace(IP, '2001:db8:1::7'),
  );
  write(join(folder, 'claims/ipv6/2002.yaml'), LINE.replace(IP, '2002:db8:3::7'));
  write(join(folder, 'claims/ipv6/94.yaml'), LINE.replace(IP, '94:1::7'));
  write(join(folder, 'claims/ipv6/2a01.yaml'), '[]\n');
}

const FORMER = ['2001:db8:1::7', '2001:db8::7', '2002:db8:3::7', '94:1::7'].map(
  (ip) => `web1 sshd ${ip} until Infinity`,
);

const filesIn = (folder: string): readonly string[] => fs.readdirSync(join(folder, 'claims/ipv6')).toSorted();

store(
  'a file for each first group of IPv6, as earlier versions kept them, is moved over and goes',
  async ({ folder }) => {
    writeFormer(folder);
    const mine = new StateStore(folder, files);
    const loaded = stateOf(await mine.load());

    const written = await mine.save(loaded, NO_LOCK);

    assert.equal([...bansAt(loaded, 5)].sort(), FORMER);
    assert.equal(filesIn(folder), ['94.yaml', '95.yaml']);
    assert.equal(written.toSorted(), [
      'claims/ipv6/2001.yaml',
      'claims/ipv6/2002.yaml',
      'claims/ipv6/2a01.yaml',
      'claims/ipv6/94.yaml',
      'claims/ipv6/95.yaml',
    ]);
    assert.ok(stateOf(await mine.load()) === loaded);
    assert.equal([...bansAt(stateOf(await new StateStore(folder, files).load()), 5)].sort(), FORMER);
  },
);

store('a crash at any moment of the move loses no claim, and the next life finishes', async ({ folder }) => {
  for (let effects = 0; ; effects += 1) {
    fs.rmSync(folder, { recursive: true });
    writeFormer(folder);
    let left = effects;
    const effect = (): void => {
      left -= 1;
      if (left < 0) throw new Error('killed');
    };
    const dying: Files = {
      ...files,
      write: async (path, text) => {
        effect();
        await files.write(path, text);
      },
      removeNow: (path) => {
        effect();
        files.removeNow(path);
      },
    };
    const dead = new StateStore(folder, dying);
    const end = await dead.save(stateOf(await dead.load()), NO_LOCK).then(() => 'done', String);

    const next = new StateStore(folder, files);
    const loaded = stateOf(await next.load());
    await next.save(loaded, NO_LOCK);

    assert.equal([...bansAt(loaded, 5)].sort(), FORMER, `after ${effects}`);
    assert.equal(filesIn(folder), ['94.yaml', '95.yaml'], `after ${effects}`);
    if (end === 'done') break;
  }
});

store('who reads while another process moves files finds every claim', async ({ folder }) => {
  writeFormer(folder);
  const mover = new StateStore(folder, files);
  const moved = stateOf(await mover.load());
  let isMoved = false;
  const reader = new StateStore(folder, {
    ...files,
    names: async (path) => {
      const names = await files.names(path);
      if (names.length === 0) return names;
      if (!isMoved) await mover.save(moved, NO_LOCK);
      isMoved = true;
      return names;
    },
  });

  const loaded = stateOf(await reader.load());

  assert.equal([...bansAt(loaded, 5)].sort(), FORMER);
});

store('as many first groups of IPv6 as there are take 256 files', async ({ folder }) => {
  const groups = Array.from({ length: 3_000 }, (_, index) => (0x2000 + index).toString(16));
  const state = heard(5, ...groups.map((group) => ban(1, 600, { ip: `${group}:db8::7` })));

  await new StateStore(folder, files).save(state, NO_LOCK);

  assert.ok(filesIn(folder).length <= 256);
  assert.is(bansAt(stateOf(await new StateStore(folder, files).load()), 5).length, groups.length);
});

store('a claim in the wrong file is not lost when it could not be saved at once', async ({ folder }) => {
  write(join(folder, 'claims/ipv4/10.yaml'), LINE);
  const mine = new StateStore(folder, files);
  await mine.load();
  write(join(folder, 'claims/ipv4/198.yaml'), LINE.replace(IP, '198.51.100.1'));

  const loaded = stateOf(await mine.load());

  assert.is(bansAt(loaded, 5).length, 2);
});

store('every mistake is told with its file and line', async ({ folder }) => {
  write(join(folder, 'claims/ipv4/203.yaml'), `${LINE}- { nonsense }\n`);
  write(join(folder, 'servers/web1.yaml'), '- { "jail": "sshd", "said": "yesterday" }\n');

  const loaded = await new StateStore(folder, files).load();

  const damages = loaded.kind === 'damaged' ? loaded.damages : [];
  const places = new Set(damages.map(({ file, line }) => `${file}:${line}`));
  assert.equal([...places], ['claims/ipv4/203.yaml:2', 'servers/web1.yaml:1']);
});

store('after the mistake is mended the state is what the files say', async ({ folder }) => {
  const mine = new StateStore(folder, files);
  const state = heard(5, ...somebody);
  await mine.save(state, NO_LOCK);
  const path = join(folder, 'claims/ipv4/203.yaml');
  const text = fs.readFileSync(path, 'utf8');
  write(path, '- [');
  const damaged = await mine.load();
  write(path, text);

  const loaded = await mine.load();

  assert.is(damaged.kind, 'damaged');
  assert.equal(stateOf(loaded), state);
});

store('files that are not ours are left alone', async ({ folder }) => {
  write(join(folder, 'claims/ipv4/.203.yaml.tmp'), '- [');
  write(join(folder, 'claims/ipv4/README.md'), '- [');
  write(join(folder, 'policy.yaml'), '- [');

  assert.equal(stateOf(await new StateStore(folder, files).load()), EMPTY_STATE);
});

store(
  'a disk that fails in the middle leaves whole files, and the next save finishes',
  async ({ folder }) => {
    const state = heard(5, ...somebody);
    let left = 2;
    const failing: Files = {
      ...files,
      write: async (path, text) => {
        left -= 1;
        if (left < 0) throw new Error('ENOSPC');
        await files.write(path, text);
      },
    };
    const mine = new StateStore(folder, failing);
    let thrown: unknown;
    await mine.save(state, NO_LOCK).catch((error: unknown) => (thrown = error));
    left = 100;

    const written = await mine.save(state, NO_LOCK);

    assert.is((thrown as Error).message, 'ENOSPC');
    assert.ok(written.length > 0);
    assert.equal(stateOf(await new StateStore(folder, files).load()), state);
  },
);

/** What fw2 claims, beside what servers here do. */
function heardPeer(state: State, at: number, until: number | undefined): State {
  const bans = until === undefined ? [] : [{ heard: millis(0), since: millis(0), until: millis(until) }];
  const claims = [{ ip: netOf(IP), server: 'fw2/web1', jail: 'sshd', bans }];
  return hearPeers(
    state,
    [{ ...WHOLE, peer: 'fw2', sequence: 7, published: millis(at), claims, lifts: [] }],
    millis(at),
  );
}

store('what peers claim is in files of their own, and only what changed is written', async ({ folder }) => {
  const own = heard(5, ban(1, 600));
  const keeper = new StateStore(folder, files);
  const first = await keeper.save(heardPeer(own, 5, 900), NO_LOCK);

  const second = await keeper.save(heardPeer(heardPeer(own, 5, 900), 6, 950), NO_LOCK);
  const third = await keeper.save(then(keeper.current, 7, ban(7, 700)), NO_LOCK);
  const loaded = stateOf(await new StateStore(folder, files).load());

  assert.equal(
    [first, second, third],
    [
      ['claims/ipv4/203.yaml', 'peers/ipv4/203.yaml', 'peers/heard.yaml'],
      ['peers/ipv4/203.yaml', 'peers/heard.yaml'],
      ['claims/ipv4/203.yaml'],
    ],
  );
  assert.equal(loaded, { ...keeper.current, flushedBy: -Infinity });
  assert.is(loaded.peers.get('fw2')?.sequence, 7);
});

store(
  'nothing says that a peer was heard, or is none, before all that follows from it',
  async ({ folder }) => {
    const own = heard(5, ban(1, 600));
    const dying: Files = {
      ...files,
      write: async (path, text) => {
        if (path.includes('/claims/') || path.includes('/peers/ipv4/')) throw new Error('killed');
        await files.write(path, text);
      },
    };
    const killed = async (state: State): Promise<State> => {
      const dead = new StateStore(folder, dying);
      await dead.load();
      const end = await dead.save(state, NO_LOCK).then(() => 'done', String);
      assert.match(end, 'killed');
      return stateOf(await new StateStore(folder, files).load());
    };

    const first = await killed(heardPeer(own, 5, 900));
    const keeper = new StateStore(folder, files);
    await keeper.load();
    await keeper.save(heardPeer(own, 5, 900), NO_LOCK);
    const gone = await killed(forgetPeers(stateOf(await keeper.load()), () => false));

    assert.equal([first.peers.size, gone.peers.size], [0, 1]);
  },
);

store(
  'a peer’s claim that stands among ours is moved to those of peers by the next save',
  async ({ folder }) => {
    write(join(folder, 'claims/ipv4/203.yaml'), `${LINE}${LINE.replace('web1', 'fw2/web1')}`);
    const keeper = new StateStore(folder, files);

    await keeper.save(stateOf(await keeper.load()), NO_LOCK);

    const read = (path: string): string => fs.readFileSync(join(folder, path), 'utf8');
    assert.match(read('peers/ipv4/203.yaml'), '"server": "fw2/web1"');
    assert.not.match(read('claims/ipv4/203.yaml'), 'fw2');
    assert.match(read('claims/ipv4/203.yaml'), '"server": "web1"');
  },
);

store(
  'what is damaged of peers is told, and a file of theirs that is gone is lacking',
  async ({ folder }) => {
    const keeper = new StateStore(folder, files);
    await keeper.save(heardPeer(heard(5, ban(1, 600)), 5, 900), NO_LOCK);
    write(join(folder, 'peers/heard.yaml'), '- { peer: fw2 }\n');
    const damaged = await keeper.load();
    fs.rmSync(join(folder, 'peers/heard.yaml'));

    const lacking = await keeper.load();

    assert.equal(
      damaged.kind === 'damaged' && damaged.damages.map(({ file }) => file)[0],
      'peers/heard.yaml',
    );
    assert.is(lacking.kind, 'lacking');
  },
);

store.run();
