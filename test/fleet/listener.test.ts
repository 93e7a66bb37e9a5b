import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Publication } from '../../src/claims/hear.ts';
import { hearPeers } from '../../src/claims/hear.ts';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { readConfig } from '../../src/config/config.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { fingerprintOf } from '../../src/domain/public-key.ts';
import { Listener } from '../../src/fleet/listener.ts';
import { encodePeerFile } from '../../src/fleet/peer-file.ts';
import { HEARTBEAT_MS } from '../../src/fleet/rhythm.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { ban, bansAt, HOUR, IP, millis, unban } from '../claims/said.ts';
import {
  configOf,
  filesOf,
  keyOf,
  MemoryFirewall,
  openMemoryFleet,
  signingRun,
} from '../support/fleet-of-memory.ts';

const listening = suite('what peers published');

const OTHER = '198.51.100.7';
const PEER_FILE = '/fleet/in/fw1/peer.yaml';
const SHARD = '/fleet/in/fw1/ipv4/203.yaml';

/** fw1, which publishes, and what hears of it at fw2. */
class Pair {
  readonly fw1: MemoryFirewall;
  readonly fw2: MemoryFirewall;
  state: State = EMPTY_STATE;
  policy: Policy;
  listener: Listener;
  /** Paths that were read. */
  read: string[] = [];
  /** What no reading of any file gets further than. */
  error: Error | undefined;

  constructor() {
    const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2']);
    if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
    [this.fw1, this.fw2, this.policy] = [fw1, fw2, fw2.policy];
    this.listener = this.restart();
  }

  /** A new process at fw2. */
  restart(): Listener {
    const files = filesOf(this.fw2.disk);
    this.listener = new Listener({
      config: configOf('fw2'),
      files: {
        ...files,
        readAtMost: (path, most) => {
          this.read.push(path);
          return this.error === undefined ? files.readAtMost(path, most) : Promise.reject(this.error);
        },
      },
    });
    return this.listener;
  }

  /** Has fw1 publish, and carries that but for what is left out. */
  async publish(at: number, said: readonly SentIntent[] = [], leftOut = /^$/): Promise<void> {
    await this.fw1.pass(millis(at), { sent: said });
    this.fw1.carryTo(this.fw2, (path) => leftOut.test(path));
  }

  /** Hears, and takes in what was heard. */
  async hear(at: number, { isFull = false } = {}): Promise<readonly Publication[]> {
    this.read = [];
    // As a pass does, which ends first what has ended.
    const state = fold(this.state, [], millis(at));
    const { policy, listener } = this;
    const heard = await listener.hear({ state, policy, now: millis(at), isFull });
    this.state = hearPeers(state, heard, millis(at));
    listener.noteSaved();
    return heard;
  }

  bans(at: number): readonly string[] {
    return bansAt(this.state, at).map((line) => line.split(' until')[0] ?? '');
  }

  troubles(at: number): readonly string[] {
    return this.listener.problems(millis(at)).map(({ condition, reason }) => `${condition} ${reason}`);
  }

  /** Gives fw1 other limits at fw2. */
  limit(limits: { readonly claims?: number; readonly lifts?: number }): void {
    const peers = Array.from(this.policy.peers, ([name, peer]) => [name, { ...peer, ...limits }] as const);
    this.policy = { ...this.policy, peers: new Map(peers) };
  }
}

const HELD = [`fw1/web1 sshd ${IP}`];

listening('is taken in, and read again only where it changed', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR), ban(0, HOUR, { ip: OTHER })]);

  await pair.hear(6);
  const bans = pair.bans(6);
  const again = await pair.hear(7);
  const readAgain = pair.read;
  await pair.publish(8, [ban(8, HOUR, { ip: OTHER, jail: 'web' })]);
  await pair.hear(8);

  assert.equal(bans, [`fw1/web1 sshd ${OTHER}`, ...HELD]);
  assert.equal([again, readAgain], [[], []]);
  assert.equal(pair.read, [PEER_FILE, `${PEER_FILE}.sig`, '/fleet/in/fw1/ipv4/198.yaml']);
  assert.equal(pair.bans(8), [`fw1/web1 sshd ${OTHER}`, ...HELD, `fw1/web1 web ${OTHER}`].sort());
});

listening('is read by a new process only as far as it changed since', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR), ban(0, HOUR, { ip: OTHER })]);
  await pair.hear(6);
  const heads = [PEER_FILE, `${PEER_FILE}.sig`];
  const beat = 5 + HEARTBEAT_MS / 1000;

  await pair.publish(beat);
  pair.restart();
  await pair.hear(beat);
  const alive = pair.read;
  await pair.publish(beat + 1, [ban(8, HOUR, { ip: OTHER, jail: 'web' })]);
  pair.restart();
  await pair.hear(beat + 1);

  assert.equal(alive, heads);
  assert.equal(pair.read, [...heads, '/fleet/in/fw1/ipv4/198.yaml']);
  assert.equal(pair.bans(beat + 1), [`fw1/web1 sshd ${OTHER}`, ...HELD, `fw1/web1 web ${OTHER}`].sort());
});

listening('are claims and lifts, each where it belongs', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR), unban(1, { server: OPERATOR, jail: EVERY_JAIL, ip: OTHER })]);

  const [heard] = await pair.hear(6);

  assert.equal(
    heard?.claims.map(({ server, ip }) => `${server} ${ip.text}`),
    [`fw1/web1 ${IP}`],
  );
  assert.equal(
    heard?.lifts.map(({ server, ip }) => `${server} ${ip.text}`),
    [`fw1/local ${OTHER}`],
  );
  assert.equal([heard?.peer, heard?.sequence, heard?.published], ['fw1', millis(5), millis(5)]);
});

listening('is news when the list or its signature is another, and no more once it was heard', async () => {
  const pair = new Pair();
  await pair.hear(1);
  const news = [pair.listener.hasNews()];

  await pair.publish(5, [ban(0, HOUR)]);
  news.push(pair.listener.hasNews());
  await pair.hear(6);
  news.push(pair.listener.hasNews());
  pair.fw2.disk.set(`${PEER_FILE}.sig`, 'x');
  news.push(pair.listener.hasNews());

  assert.equal(news, [false, true, false, true]);
});

listening('is dated by the clock of the peer, but not later than now', async () => {
  const pair = new Pair();
  await pair.publish(100, [ban(0, HOUR)]);

  const [heard] = await pair.hear(6);

  assert.is(heard?.published, millis(6));
  assert.equal(pair.listener.reports(), [
    {
      peer: 'fw1',
      published: millis(6),
      lag: undefined,
      refused: {},
      trouble: undefined,
      sequence: millis(100),
    },
  ]);
});

const refusing = suite('a publication that cannot be believed');

refusing('is told as missing while there is none, and is no report of a sequence', async () => {
  const pair = new Pair();

  await pair.hear(6);

  assert.equal(pair.troubles(6), ['PeersHeard NothingThere']);
  assert.equal(pair.listener.reports(), [
    {
      peer: 'fw1',
      published: undefined,
      lag: undefined,
      refused: {},
      trouble: { code: 'missing' },
      sequence: undefined,
    },
  ]);
});

refusing('changes nothing, and is told', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  await pair.hear(6);
  const disk = new Map(pair.fw2.disk);
  const { state } = pair;
  await pair.publish(8, [unban(7)]);
  const whole = new Map(pair.fw2.disk);
  const harmed = async (change: (disk: Map<string, string>) => void): Promise<readonly string[]> => {
    for (const [path, text] of whole) pair.fw2.disk.set(path, text);
    change(pair.fw2.disk);
    await pair.hear(9);
    return pair.troubles(9);
  };

  assert.equal(await harmed((at) => at.delete(PEER_FILE)), ['PeersHeard NothingThere']);
  assert.equal(await harmed((at) => at.delete(`${PEER_FILE}.sig`)), ['PeersTrusted BadSignature']);
  assert.equal(await harmed((at) => at.set(PEER_FILE, `${at.get(PEER_FILE) ?? ''} `)), [
    'PeersTrusted BadSignature',
  ]);
  assert.equal(await harmed((at) => at.set(PEER_FILE, 'x'.repeat(200_000))), ['PeersHeard NothingThere']);
  const old = disk.get(`${PEER_FILE}.sig`) ?? '';
  assert.equal(await harmed((at) => at.set(`${PEER_FILE}.sig`, old)), ['PeersTrusted BadSignature']);
  pair.error = new Error('EACCES: peer.yaml');
  assert.equal(await harmed((at) => at.set(`${PEER_FILE}.sig`, 'y')), ['PeersTrusted Unreadable']);
  pair.error = undefined;
  assert.is(pair.state, state);

  assert.equal(await harmed(() => undefined), []);
  assert.equal(pair.bans(9), []);
});

refusing(
  'is one from before the newest, to the process after it too, though that was not whole',
  async () => {
    const cuts: Readonly<Record<string, (pair: Pair) => void>> = {
      'beyond the limits': (pair) => {
        pair.limit({ claims: 2 });
      },
      incomplete: (pair) => pair.fw2.disk.delete('/fleet/in/fw1/ipv4/192.yaml'),
    };
    for (const [what, cut] of Object.entries(cuts)) {
      const pair = new Pair();
      await pair.publish(5, [ban(0, HOUR)]);
      await pair.hear(5);
      const old = new Map(pair.fw2.disk);
      await pair.publish(8, [unban(7), ban(7, HOUR, { ip: OTHER }), ban(7, HOUR, { ip: '192.0.2.7' })]);
      cut(pair);
      await pair.hear(8);
      const held = pair.bans(8);
      pair.restart();
      for (const [path, text] of old) pair.fw2.disk.set(path, text);

      await pair.hear(9);

      assert.equal([held.length, pair.bans(9)], [1, held], what);
      assert.not.match(held.join(), IP, what);
      assert.equal(pair.troubles(9), ['PeersTrusted Replayed'], what);
    }
  },
);

refusing('is none that another key signed, whatever the one before it said of its sequence', async () => {
  for (const isRestarted of [false, true]) {
    const pair = new Pair();
    const [thief, last] = [pair.fw1, Number.MAX_SAFE_INTEGER];
    const list = encodePeerFile({ name: 'fw1', sequence: last, published: millis(5), files: [] });
    pair.fw2.disk.set(PEER_FILE, list).set(`${PEER_FILE}.sig`, await thief.sign(list));
    await pair.hear(5);
    const newest = pair.listener.reports()[0]?.sequence;
    const key = keyOf('another');
    const peers = Array.from(pair.policy.peers, ([name, peer]) => [name, { ...peer, key: key.key }] as const);
    pair.policy = { ...pair.policy, peers: new Map(peers) };
    if (isRestarted) pair.restart();
    await pair.hear(6);
    const told = pair.troubles(6);
    const fw1 = new MemoryFirewall('fw1', { run: signingRun(key) });
    await fw1.pass(millis(7), { sent: [ban(0, HOUR)] });
    fw1.carryTo(pair.fw2);

    await pair.hear(8);

    assert.equal([newest, told], [last, ['PeersTrusted BadSignature']]);
    assert.equal([pair.bans(8), pair.troubles(8)], [HELD, []]);
    assert.equal(pair.state.peers.get('fw1'), {
      ...{ sequence: millis(7), published: millis(7), key: fingerprintOf(key.key), isWhole: true },
    });
  }
});

refusing('is one that is signed, but is of another name, or no list', async () => {
  for (const [text, told] of [
    [encodePeerFile({ name: 'fw3', sequence: 1, published: millis(5), files: [] }), 'PeersTrusted OtherName'],
    ['format: 1\n', 'PeersTrusted Damaged'],
  ] as const) {
    const pair = new Pair();
    pair.fw2.disk.set(PEER_FILE, text);
    pair.fw2.disk.set(`${PEER_FILE}.sig`, await pair.fw1.sign(text));

    const heard = await pair.hear(6);

    assert.equal([heard, pair.troubles(6)], [[], [told]]);
  }
});

refusing('is one that is older than one that was taken in, also by a process before this one', async () => {
  for (const isOther of [false, true]) {
    const pair = new Pair();
    await pair.publish(5, [ban(0, HOUR)]);
    await pair.hear(5);
    const old = new Map(pair.fw2.disk);
    await pair.publish(8, [unban(7)]);
    await pair.hear(8);
    for (const [path, text] of old) pair.fw2.disk.set(path, text);
    if (isOther) pair.restart();

    const heard = await pair.hear(9);

    assert.equal([heard, pair.bans(9), pair.troubles(9)], [[], [], ['PeersTrusted Replayed']]);
  }
});

refusing('is one that is older than one that was seen, though none was taken in since', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  const old = new Map(pair.fw2.disk);
  await pair.publish(8, [unban(7)], /ipv4/);
  await pair.hear(8);
  for (const [path, text] of old) pair.fw2.disk.set(path, text);

  await pair.hear(9);

  assert.equal([pair.bans(9), pair.troubles(9)], [[], ['PeersTrusted Replayed']]);
});

const incomplete = suite('a publication that is being copied');

incomplete(
  'is taken in as far as it is whole, and the rest when it comes, without further news',
  async () => {
    const pair = new Pair();
    await pair.publish(5, [ban(0, HOUR), ban(0, HOUR, { ip: OTHER })], /203/);

    await pair.hear(6);
    const [part, told] = [pair.bans(6), pair.troubles(6)];
    pair.fw1.carryTo(pair.fw2);
    const isNews = pair.listener.hasNews();
    await pair.hear(7);

    assert.equal([part, told], [[`fw1/web1 sshd ${OTHER}`], []]);
    assert.equal([isNews, pair.bans(7), pair.troubles(7)], [true, [`fw1/web1 sshd ${OTHER}`, ...HELD], []]);
  },
);

incomplete('is nothing where a file is not the one that was signed, however like it that is', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  pair.fw2.disk.set(SHARD, (pair.fw2.disk.get(SHARD) ?? '').replace(IP, '203.0.113.8'));

  await pair.hear(6);

  assert.equal([pair.bans(6), pair.troubles(66)], [[], ['PeersTrusted Incomplete']]);
});

incomplete('is a fault when it is that for a minute, until it is whole', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)], /203/);

  await pair.hear(6);
  await pair.hear(50);
  const told = [pair.troubles(65), pair.troubles(66)];
  pair.fw1.carryTo(pair.fw2);
  await pair.hear(67);

  assert.equal([...told, pair.troubles(67)], [[], ['PeersTrusted Incomplete'], []]);
});

incomplete('is not taken for whole by the next process', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR), ban(0, HOUR, { ip: OTHER })], /203/);
  await pair.hear(6);
  pair.restart();
  await pair.hear(7);
  pair.fw1.carryTo(pair.fw2);

  await pair.hear(8);

  assert.equal(pair.bans(8), [`fw1/web1 sshd ${OTHER}`, ...HELD]);
  assert.is(pair.state.peers.get('fw1')?.sequence, millis(5));
});

incomplete('needs no file again that was taken in before it', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  await pair.hear(6);
  await pair.publish(8, [ban(8, HOUR, { ip: OTHER })]);
  pair.fw2.disk.delete(SHARD);

  await pair.hear(9);

  assert.equal([pair.bans(9), pair.troubles(99)], [[`fw1/web1 sshd ${OTHER}`, ...HELD], []]);
});

incomplete('was whole for the process before this one, which took it in: nothing is read again', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  await pair.hear(6);
  pair.restart();

  const [heard] = await pair.hear(7);

  assert.equal([heard?.claims, heard?.sequence], [[], millis(5)]);
  assert.equal(pair.read, [PEER_FILE, `${PEER_FILE}.sig`]);
});

incomplete('is damaged for as long as one of its files is, whatever is published beside that', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  const damaged = 'what is this\n';
  await pair.fw1.publishFile('ipv4/203.yaml', damaged, millis(6));
  pair.fw1.carryTo(pair.fw2);

  await pair.hear(6);
  const first = pair.troubles(6);
  await pair.fw1.publishFile('ipv4/203.yaml', damaged, millis(7));
  pair.fw1.carryTo(pair.fw2);
  await pair.hear(7);

  assert.equal([first, pair.troubles(7)], [['PeersTrusted Damaged'], ['PeersTrusted Damaged']]);
  assert.is(pair.state.peers.get('fw1')?.isWhole, false);
});

const limiting = suite('what goes beyond the limits of a peer');

limiting('is refused, and tried again by a full pass, or when the policy is another', async () => {
  const pair = new Pair();
  pair.limit({ claims: 1 });
  await pair.publish(5, [ban(0, HOUR), ban(0, 10, { ip: OTHER })]);

  await pair.hear(6);
  const [few, told, isWhole] = [pair.bans(6), pair.troubles(6), pair.state.peers.get('fw1')?.isWhole];
  const quick = await pair.hear(11);
  await pair.hear(12, { isFull: true });
  const freed = pair.bans(12);
  await pair.publish(20, [ban(15, HOUR, { jail: 'web' })]);
  await pair.hear(21);
  const again = pair.bans(21);
  pair.limit({ claims: 2 });
  await pair.hear(22);

  assert.equal([few, told, isWhole], [[`fw1/web1 sshd ${OTHER}`], ['PeersTrusted BeyondLimits'], false]);
  assert.equal([quick, freed, again], [[], HELD, HELD]);
  assert.equal([pair.bans(22), pair.troubles(22)], [[...HELD, `fw1/web1 web ${IP}`], []]);
  assert.is(pair.state.peers.get('fw1')?.sequence, millis(20));
});

limiting('stays refused when another file changes, until there is room for it', async () => {
  const pair = new Pair();
  pair.limit({ claims: 1 });
  await pair.publish(5, [ban(0, HOUR), ban(0, HOUR, { ip: OTHER })]);
  await pair.hear(6);

  await pair.publish(8, [unban(7, { ip: OTHER })]);
  await pair.hear(8);
  const [told, isWhole] = [pair.troubles(8), pair.state.peers.get('fw1')?.isWhole];
  await pair.hear(9, { isFull: true });

  assert.equal([told, isWhole], [['PeersTrusted BeyondLimits'], false]);
  assert.equal([pair.bans(9), pair.troubles(9)], [HELD, []]);
});

limiting('counts lines that are refused', async () => {
  const pair = new Pair();
  pair.limit({ claims: 0, lifts: 0 });
  await pair.publish(5, [ban(0, HOUR), unban(1, { server: OPERATOR, jail: EVERY_JAIL, ip: OTHER })]);

  await pair.hear(6);

  assert.equal(pair.listener.reports()[0]?.refused, { claims: 1, lifts: 1 });
});

const silence = suite('a peer');

silence('is silent when it has published nothing for long, though it did before this process', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  await pair.hear(5);
  pair.restart();
  const late = 5 + (3 * HEARTBEAT_MS) / 1000;
  await pair.hear(late + 1);

  assert.equal([pair.troubles(late), pair.troubles(late + 1)], [[], ['PeersHeard Silent']]);
});

silence('has published when a process before this one heard it, though nothing is there now', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  await pair.hear(6);
  pair.restart();
  pair.fw2.disk.clear();

  await pair.hear(7);

  assert.equal(pair.listener.reports()[0]?.published, millis(5));
  assert.equal([pair.troubles(7), pair.bans(7)], [['PeersHeard NothingThere'], HELD]);
});

silence('that the policy does not name any more is told no more, be it the last', async () => {
  const pair = new Pair();
  await pair.hear(5);
  const told = pair.troubles(5);
  pair.policy = { ...pair.policy, peers: new Map() };

  await pair.hear(6);

  assert.equal([told, pair.troubles(6), pair.listener.reports()], [['PeersHeard NothingThere'], [], []]);
});

silence('that was removed and is added again is heard from the beginning', async () => {
  const pair = new Pair();
  await pair.publish(5, [ban(0, HOUR)]);
  await pair.hear(6);
  pair.state = EMPTY_STATE;

  await pair.hear(7);

  assert.equal(pair.bans(7), HELD);
});

silence('is nobody without a fleet', async () => {
  const pair = new Pair();
  const read = readConfig('{}\n');
  if (read.kind === 'mistakes') throw new Error('the config is one');
  const listener = new Listener({ config: read.config, files: filesOf(pair.fw2.disk) });
  const { policy } = pair;

  const heard = await listener.hear({ state: EMPTY_STATE, policy, now: millis(5), isFull: true });

  assert.equal([heard, listener.hasNews(), listener.problems(millis(5))], [[], false, []]);
});

refusing('its own publication where the policy names it as a peer, and says so', async () => {
  const pair = new Pair();
  const [limits] = pair.policy.peers.values();
  if (limits === undefined) throw new Error('there is no peer');
  const key = keyOf('fw2').key;
  pair.policy = { ...pair.policy, peers: new Map([['fw2', { ...limits, key }]]) };
  await pair.fw2.pass(millis(1), { sent: [ban(0, 600)] });
  pair.fw2.carryTo(pair.fw2);

  const heard = await pair.hear(2);

  assert.equal(heard, []);
  const [problem, ...more] = pair.listener.problems(millis(2));
  assert.equal([problem?.condition, problem?.reason, more.length], ['PeersTrusted', 'OwnName', 0]);
  assert.match(problem?.message ?? '', '"fw2" is the name of this firewall itself');
});

listening.run();
refusing.run();
incomplete.run();
limiting.run();
silence.run();
