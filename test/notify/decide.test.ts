import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALL_TOPICS } from '../../src/config/topics.ts';
import type { FeedEvent } from '../../src/feed/event.ts';
import { isoTime } from '../../src/yaml/time.ts';
import {
  bannedOf,
  channelOf,
  DAY,
  driftOf,
  falseCondition,
  HOUR,
  MINUTE,
  NOON,
  refusedOf,
  SECOND,
  recordOf,
  serverOf,
  TestMessenger,
} from '../support/messenger.ts';

const test = suite('the messenger decides');

const FAILED = falseCondition('Converged', 'ApplyFailed', 'iptables-restore: line 4 failed');

test('to tell that the firewall is not converged after two minutes, and its end', () => {
  const messenger = new TestMessenger();
  messenger.step();

  messenger.conditions = [FAILED];
  messenger.pass(MINUTE);
  messenger.conditions = [];
  messenger.pass(10 * MINUTE);
  assert.equal(messenger.subjects, []);

  messenger.conditions = [FAILED];
  messenger.pass(2 * MINUTE);
  assert.equal(messenger.subjects, []);
  messenger.pass(10 * SECOND);
  assert.equal(messenger.subjects, ['fw1: not converged for 2 min']);
  assert.match(messenger.sent[0]?.message.lines.join('\n') ?? '', 'iptables-restore: line 4 failed');
  messenger.pass(HOUR);
  messenger.conditions = [];
  messenger.pass(5 * MINUTE);

  assert.equal(messenger.subjects.slice(1), ['fw1: converged again after 1 h 2 min']);
  assert.equal(
    messenger.sent.map(({ message }) => message.level),
    ['alarm', 'over'],
  );
});

test('to tell that the controller hangs, keeps what else was wrong meanwhile, and calls no server silent', () => {
  const messenger = new TestMessenger();
  messenger.conditions = [falseCondition('PeersHeard', 'Silent', 'fw2 last published 40 min ago')];
  messenger.servers = [serverOf('web1', NOON)];
  messenger.pass(5 * MINUTE);
  assert.equal(messenger.subjects, ['fw1: PeersHeard is false (Silent)']);

  messenger.isRunning = false;
  messenger.pass(3 * HOUR);
  assert.equal(messenger.subjects.slice(1), ['fw1: the controller is not running for 2 min']);

  messenger.isRunning = true;
  messenger.servers = [serverOf('web1', messenger.now)];
  messenger.pass(5 * MINUTE);
  assert.equal(messenger.subjects.slice(2), ['fw1: the controller is running again after 2 h 58 min']);
});

test('to tell that there is no status.json at all', () => {
  const messenger = new TestMessenger();

  for (let minute = 0; minute < 5; minute += 1) {
    messenger.step([], { record: undefined });
    messenger.now += MINUTE;
  }

  assert.equal(messenger.subjects, ['fw1: the controller is not running for 2 min']);
});

test('to leave out what lets status exit with 0', () => {
  const messenger = new TestMessenger();
  messenger.conditions = [
    falseCondition('HooksPresent', 'HookMissing'),
    falseCondition('SpoolReadable', 'NotAServer'),
  ];

  messenger.pass(HOUR);

  assert.equal(messenger.subjects, []);
});

test('to tell of a silent server once, and that it is heard again', () => {
  const messenger = new TestMessenger();
  messenger.servers = [
    serverOf('web1', NOON),
    serverOf('local', NOON - 9 * DAY),
    serverOf('fw2/web1', NOON - 9 * DAY),
  ];

  messenger.pass(4 * HOUR);
  assert.equal(messenger.subjects, ['fw1: server web1 is silent']);
  messenger.servers = [serverOf('web1', messenger.now)];
  messenger.pass(5 * MINUTE);

  assert.equal(messenger.subjects.slice(1), ['fw1: server web1 is heard again']);
});

test('to tell of no server as heard because the controller was started again', () => {
  const messenger = new TestMessenger();
  messenger.servers = [serverOf('web1', NOON)];
  messenger.pass(4 * HOUR);

  const { now: restarted, servers } = messenger;
  while (messenger.now < restarted + 10 * MINUTE) {
    messenger.now += MINUTE;
    const record = recordOf(messenger.now, { startedAt: isoTime(restarted), servers });
    messenger.step([], { record });
  }

  assert.equal(messenger.subjects, ['fw1: server web1 is silent']);
});

test('to call no server silent where that is switched off', () => {
  const messenger = new TestMessenger({ silent: Infinity });
  messenger.servers = [serverOf('web1', NOON - 2 * DAY)];

  messenger.pass(HOUR);

  assert.equal(messenger.subjects, []);
});

test('to tell that a second peer is lost while the first still is, and nothing of numbers that grow', () => {
  const messenger = new TestMessenger();
  const lost = (peer: string, minutes: number): string =>
    `${peer} last published ${minutes} min ago by its clock`;
  const say = (message: string): void => {
    messenger.conditions = [falseCondition('PeersHeard', 'Silent', message)];
    messenger.pass(HOUR);
  };

  say(lost('fw2', 40));
  say(lost('fw2', 1000));
  assert.equal(messenger.subjects, ['fw1: PeersHeard is false (Silent)']);
  say(`${lost('fw2', 1060)}; ${lost('fw3', 40)}`);
  say(lost('fw2', 1120));
  say(`${lost('fw2', 1180)}; ${lost('fw3', 40)}`);
  messenger.conditions = [];
  messenger.pass(HOUR);

  assert.equal(messenger.subjects.slice(1), [
    'fw1: PeersHeard is false (Silent), and more',
    'fw1: PeersHeard is true again after 5 h',
  ]);
  assert.match(messenger.sent[1]?.message.lines.join() ?? '', 'fw3 last published 40 min ago');
});

test('to tell drift and who did it, once for all of a minute, and what goes on ever less often', () => {
  const messenger = new TestMessenger();
  messenger.step([driftOf(NOON, ['iptables (pid 1)'])]);
  messenger.step([driftOf(NOON, ['iptables (pid 2)'])]);
  messenger.pass(2 * MINUTE);
  assert.equal(messenger.subjects, ['fw1: drift: 228 changes by iptables undone']);

  for (let minute = 0; minute < 24 * 60; minute += 1) {
    messenger.step([driftOf(messenger.now)]);
    messenger.pass(MINUTE);
  }

  const drift = messenger.subjects.filter((subject) => subject.includes('drift'));
  assert.ok(drift.length >= 6 && drift.length <= 12, `${drift.length}`);
});

test('to tell refused files by server, all that waited in one message', () => {
  const messenger = new TestMessenger();
  const files = Array.from({ length: 30 }, (_, index) => refusedOf('web1', { file: `${index}.yaml` }));

  messenger.step([...files, refusedOf('web2', { code: 'too-many-claims' }), driftOf(NOON)]);
  messenger.pass(2 * MINUTE);

  assert.equal(messenger.sent.length, 1);
  const text = messenger.sent[0]?.message.lines.join('\n') ?? '';
  for (const words of [
    '30 files of web1 (too-wide) refused',
    '1 file of web2 (too-many-claims) refused',
    'Drift: ',
  ])
    assert.match(text, words);
  assert.match(text, '… 20 more');
});

test('to tell of bans where that is asked for alone, and of all bans of a minute at once', () => {
  const usual = channelOf({ name: 'usual' });
  const asked = channelOf({ name: 'asked', events: ['ban'] });
  const messenger = new TestMessenger({ channels: [usual, asked] });

  messenger.step(Array.from({ length: 500 }, (_, index) => bannedOf(`203.0.113.${index % 250}`)));
  messenger.step([{ kind: 'more', time: '', of: 'banned', count: 9_000 }]);
  messenger.pass(2 * MINUTE);

  assert.equal(
    messenger.sent.map(({ channel, message }) => `${channel}: ${message.subject}`),
    ['asked: fw1: 9,500 bans'],
  );
});

test('to send the digest once a day, to who wants it, also when nothing happened', () => {
  const messenger = new TestMessenger({
    channels: [channelOf(), channelOf({ name: 'alarms', events: ['converged'] })],
  });

  messenger.pass(2 * DAY);

  assert.equal(
    messenger.sent.map(({ channel, message }) => [channel, message.kind]),
    [
      ['ops', 'digest'],
      ['ops', 'digest'],
    ],
  );
  assert.match(messenger.subjects[1] ?? '', /^fw1: 0 bans in 1 d, all is well$/);
});

test('to put all that waited for a channel that was away into one message, with beginnings and ends', () => {
  const messenger = new TestMessenger();
  messenger.isAway = true;
  messenger.step([driftOf(NOON)]);
  messenger.pass(2 * MINUTE);
  messenger.conditions = [FAILED];
  messenger.pass(10 * MINUTE);
  messenger.conditions = [];
  messenger.pass(HOUR);
  assert.equal(messenger.subjects, []);

  messenger.isAway = false;
  messenger.pass(HOUR);

  assert.equal(messenger.subjects, [
    'fw1: drift: 114 changes by iptables undone',
    'fw1: converged again after 10 min',
  ]);
});

test('to forget channels that the config has no more, and to begin with those that are new', () => {
  const messenger = new TestMessenger();
  messenger.step([driftOf(NOON)]);

  messenger.manner = new TestMessenger({ channels: [channelOf({ name: 'other' })] }).manner;
  messenger.pass(5 * MINUTE);

  assert.equal(Object.keys(messenger.state.channels), ['other']);
  assert.equal(messenger.sent, []);
});

/** What may happen in a test, and how long it takes. */
const happening = fc.record({
  what: fc.constantFrom(
    'drift',
    'refused',
    'bans',
    'fails',
    'well',
    'peer',
    'heard',
    'away',
    'back',
    'policy',
  ),
  after: fc.integer({ min: 0, max: 20 * MINUTE }),
  who: fc.constantFrom('iptables (pid 1)', 'nft (pid 2)', 'ufw (pid 3)', 'firewalld (pid 4)'),
});

function happen(
  messenger: TestMessenger,
  { what, who }: { readonly what: string; readonly who: string },
): readonly FeedEvent[] {
  const peer = falseCondition('PeersHeard', 'Silent');
  const others = messenger.conditions.filter(
    ({ type }) => type !== (what === 'peer' || what === 'heard' ? 'PeersHeard' : 'Converged'),
  );
  if (what === 'fails') messenger.conditions = [...others, FAILED];
  if (what === 'peer') messenger.conditions = [...others, peer];
  if (what === 'well' || what === 'heard') messenger.conditions = others;
  if (what === 'away') messenger.isAway = true;
  if (what === 'back') messenger.isAway = false;
  if (what === 'drift') return [driftOf(messenger.now, [who])];
  if (what === 'refused') return [refusedOf('web1', { code: who })];
  if (what === 'bans') return [bannedOf('203.0.113.7'), bannedOf('203.0.113.8')];
  return what === 'policy' ? [{ kind: 'policy', time: '', line: 'policy: 2 bans lifted' }] : [];
}

test('whatever happens whenever: at most `limit` messages in any hour, and an end to each alarm that was told', () => {
  const limits = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 120 }), limits, (happenings, limit) => {
      const messenger = new TestMessenger({
        channels: [channelOf({ limit, events: [...ALL_TOPICS], group: 0 })],
      });
      for (const each of happenings) {
        messenger.now += each.after;
        messenger.step(happen(messenger, each));
      }
      messenger.conditions = [];
      messenger.isAway = false;
      for (let step = 0; step < 30; step += 1) {
        messenger.now += 20 * MINUTE;
        messenger.step();
      }

      const times = messenger.sent.map(({ at }) => at);
      for (const at of times)
        assert.ok(times.filter((other) => other >= at && other < at + HOUR).length <= limit, `${limit}`);
      const open = new Set<string>();
      for (const { message } of messenger.sent)
        for (const { topic, what, status } of message.facts) {
          const key = `${topic} ${topic === 'converged' ? '' : what}`;
          if (status === 'began') assert.not(open.has(key), 'told twice');
          if (status === 'began') open.add(key);
          if (status === 'over') open.delete(key);
        }
      assert.equal([...open], []);
      assert.equal(Object.keys(messenger.state.channels['ops']?.told ?? {}), []);
    }),
    { numRuns: 40 },
  );
});

test('whatever time it is: a clock that was set back silences no channel', () => {
  const messenger = new TestMessenger({ channels: [channelOf({ limit: 1 })] });
  messenger.step([driftOf(NOON)]);
  messenger.pass(2 * MINUTE);
  assert.equal(messenger.sent.length, 1);

  messenger.now -= 30 * DAY;
  messenger.step([driftOf(messenger.now, ['nft (pid 1)'])]);
  messenger.pass(2 * MINUTE);

  assert.equal(messenger.sent.length, 2);
});

test.run();
