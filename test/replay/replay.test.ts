/** Whom another policy would have banned and let in, held against a model that goes through time step by step. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Claim } from '../../src/claims/claim.ts';
import { foldWith, type SentIntent } from '../../src/claims/fold.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { netOf } from '../../src/domain/net.ts';
import { escalate } from '../../src/escalation/escalate.ts';
import { memoryOfRules } from '../../src/escalation/memory-of-rules.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../src/policy/policy.ts';
import { formatTrial } from '../../src/policy/trial.ts';
import { replay, type ReplayOptions } from '../../src/replay/replay.ts';
import type { Replayed } from '../../src/replay/replayed.ts';
import { outputOf } from '../support/run-program.ts';
import { ruleText } from '../../src/replay/rule.ts';
import { Chance } from '../support/month-attacks.ts';
import { MadeUpHistory } from './made-up-history.ts';
import { replaySlowly, summaryOf, type Step } from './slow-replay.ts';

const test = suite('replay');

const STEP = 600_000;
const START = Date.UTC(2026, 10, 1);
const at = (step: number): number => START + step * STEP;

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'policy') return read.policy;
  throw new Error(JSON.stringify(read.mistakes));
}

async function replayed(history: MadeUpHistory, options: Partial<ReplayOptions> = {}): Promise<Replayed> {
  await history.write();
  return replay(history.read, {
    ...{ policy: EMPTY_POLICY, against: undefined, ownAddresses: [], since: at(0), now: at(100) },
    ...{ onProgress: () => undefined, ...options },
  });
}

/** Of an address, in steps. */
function ban(ip: string, from: number, to: number): SentIntent {
  const told = { jail: 'sshd', ip: netOf(ip), time: at(from), until: at(to), failures: 3 };
  return { server: 'web1', intent: { intent: 'ban', ...told } };
}

const SERVERS = ['web1', 'web2', 'mail'];
const JAILS = ['sshd', 'postfix'];
const NETS = [
  ...['203.0.113.1', '203.0.113.2', '203.0.113.130', '203.0.113.128/25', '198.51.100.7', '198.51.100.0/24'],
  ...['192.0.2.5', '2001:db8::1', '2001:db8::2', '2001:db8::/64', '2001:db8:1::9'],
].map(netOf);

/** Mostly bans, of a few addresses, so that they meet. */
function sentAt(chance: Chance, step: number): SentIntent {
  const [server, jail, ip, time] = [chance.of(SERVERS), chance.of(JAILS), chance.of(NETS), at(step)];
  const until = chance.next() < 0.1 ? Infinity : at(step + 1 + chance.below(60));
  const kind = chance.next();
  if (kind < 0.7) return { server, intent: { intent: 'ban', jail, ip, time, until, failures: 3 } };
  if (kind < 0.8) return { server, intent: { intent: 'unban', jail, ip, time } };
  if (kind < 0.86) return { server: 'local', intent: { intent: 'unban', jail: '*', ip, time } };
  if (kind < 0.9) return { server: 'local', intent: { intent: 'ban', jail: 'manual', ip, time, until } };
  if (kind < 0.94) return { server, intent: { intent: 'flush', jail, time } };
  const bans = NETS.slice(chance.below(5), 7).map((each) => ({ ip: each, time: at(step - 2), until }));
  return { server, intent: { intent: 'snapshot', jail, time, bans } };
}

const FIRST =
  'allow: [{ net: 192.0.2.0/24 }]\ndeny: [{ net: 198.51.100.0/25, until: 2026-11-02T06:00:00Z }]\n';
const SECOND = 'limits: { default: { bantime: 3h }, servers: { mail: { jails: [sshd] } } }\n';
const TRIED = 'allow: [{ net: 203.0.113.0/24, until: 2026-11-03T01:10:00Z }]\n';

const OTHERS = [
  '{}',
  'aggregate6: 64\nallow: [{ net: "2001:db8:1::/48" }]\n',
  'allow: [{ net: 203.0.113.0/25 }, { net: "2001:db8::1", until: 2026-11-02T10:00:00Z }]\n',
  'deny: [{ net: 203.0.113.0/24, until: 2026-11-02T10:00:00Z }]\nallow: [{ net: 203.0.113.2 }]\n',
  'limits: { default: { bantime: 90m, prefix4: 32, prefix6: 64 }, servers: { web1: { jails: [postfix] } } }\n',
];

test('finds what a model finds that judges each step of time by itself', async () => {
  for (const seed of [1, 2]) {
    const chance = new Chance(seed);
    const history = new MadeUpHistory();
    const steps: Step[] = [];
    let before = policyOf(FIRST);
    let wasFlushed = false;
    for (let step = 0; step < 360; step += 1) {
      if (step === 150) before = policyOf(SECOND);
      if (step === 250) before = policyOf(TRIED);
      if (step === 300) before = policyOf(SECOND);
      const own = {
        'policy.yaml': step < 150 ? FIRST : SECOND,
        ...(step >= 250 && { 'policy.trial.yaml': formatTrial({ until: at(300), text: TRIED }) }),
      };
      const isQuiet = chance.next() < 0.5 && step % 50 > 0;
      const sent = isQuiet ? [] : [sentAt(chance, step), sentAt(chance, step)];
      // A flush is carried out, and committed, some seconds later.
      if (isQuiet && !wasFlushed) history.pass(at(step));
      else history.say(at(step), sent, own);
      wasFlushed = sent.some(({ intent }) => intent.intent === 'flush');
      steps.push({ time: at(step), state: history.state, before });
    }
    await history.write();

    for (const [index, text] of OTHERS.entries()) {
      for (const from of [(index + seed) % 2 === 0 ? 0 : 137]) {
        const policy = policyOf(text);
        const found = await replay(history.read, {
          ...{ policy, against: undefined, ownAddresses: [], since: at(from), now: at(360) },
          onProgress: () => undefined,
        });
        const wanted = replaySlowly(steps.slice(from), policy, STEP);
        assert.equal(summaryOf(found), wanted, `seed ${seed}, from ${from}: ${text}`);
      }
    }
  }
});

const RULES = `escalate:
  - { name: two, servers: 2, within: 1h, ban: 3h }
  - { name: again, bans: 2, within: 10h, ban: 5h, jails: [sshd] }
  - { name: net, addresses: 2, net4: 25, net6: 64, within: 2h, ban: 4h }
allow: [{ net: 203.0.113.2 }]
`;

test('has the rules of a policy ban what they would have banned, since they were not in force', async () => {
  const policy = policyOf(RULES);
  for (const seed of [3]) {
    const chance = new Chance(seed);
    const history = new MadeUpHistory();
    const steps: Step[] = [];
    let [wasFlushed, ruled] = [false, EMPTY_STATE];
    for (let step = 0; step < 360; step += 1) {
      const isQuiet = chance.next() < 0.5;
      const sent = isQuiet
        ? []
        : unlikeEachOther([sentAt(chance, step), sentAt(chance, step)], history.state);
      if (isQuiet && !wasFlushed && step > 0) history.pass(at(step));
      else history.say(at(step), sent, { 'policy.yaml': '{}\n' });
      wasFlushed = sent.some(({ intent }) => intent.intent === 'flush');
      const folded = foldWith(ruled, sent, { now: at(step), seenMemory: memoryOfRules(policy.escalate) });
      ruled = escalate(folded, { policy, now: at(step), before: ruled.seen });
      steps.push({ time: at(step), state: history.state, ruled, before: EMPTY_POLICY });
    }

    for (const from of [0, 137]) {
      const found = await replayed(history, { policy, since: at(from), now: at(360) });
      const same = await replayed(history, { policy, against: policy, since: at(from), now: at(360) });
      const wanted = replaySlowly(steps.slice(from), policy, STEP);
      assert.equal(summaryOf(found), wanted, `seed ${seed}, from ${from}`);
      assert.equal([summaryOf(same).before, same.letIn, same.banned], [wanted.after, [], []]);
      const named = found.rules.map(({ rule }) => ruleText(rule));
      for (const rule of ['two', 'again', 'net']) assert.ok(named.includes(`escalate ${rule}`), rule);
    }
  }
});

/** Each of another server; what bans what is banned prolongs it, since history cannot tell one from the other. */
function unlikeEachOther(sent: readonly SentIntent[], state: State): readonly SentIntent[] {
  const own = sent.filter(({ server }, index) => index === sent.findIndex((each) => each.server === server));
  return own.map(({ server, intent }) => {
    const isKnown = ({ ip, jail, bans, ...claim }: Claim): boolean =>
      intent.intent === 'ban' &&
      claim.server === server &&
      jail === intent.jail &&
      ip.text === intent.ip.text &&
      bans.some(({ until }) => until > intent.time);
    const isProlonged = intent.intent === 'ban' && Array.from(allClaims(state)).some(isKnown);
    return { server, intent: isProlonged ? { ...intent, intent: 'prolong' } : intent };
  });
}

test('is held against another policy where one is named, and not against what was in force', async () => {
  const history = new MadeUpHistory();
  history.say(at(0), [], { 'policy.yaml': 'deny: [{ net: 198.51.100.0/24 }]\n' });
  history.say(at(10), [ban('203.0.113.7', 10, 30)]);
  const policy = policyOf('allow: [{ net: 203.0.113.7 }]\n');

  const past = summaryOf(await replayed(history, { policy }));
  const same = summaryOf(await replayed(history, { policy, against: policy }));

  assert.equal(past.letIn, ['198.51.100.0/24: 60000', '203.0.113.7: 12000']);
  assert.equal([same.letIn, same.banned, same.before], [[], [], same.after]);
});

test('says where the history begins later, and sums up no time before', async () => {
  const history = new MadeUpHistory();
  history.say(at(50), [ban('203.0.113.7', 0, 1_000)], { 'policy.yaml': '{}\n' });

  const found = await replayed(history, { policy: policyOf('deny: [{ net: 192.0.2.1 }]\n') });

  assert.equal([found.beginsAt, found.since, found.isShallow], [at(50), at(50), false]);
  assert.equal(summaryOf(found).after, [
    ...['* 2 60000', 'by policy 1 30000', 'by web1 1 30000', 'policy 1 30000', 'sshd 1 30000'],
  ]);
});

test('of a shallow clone says that it is one, and replays what there is', async () => {
  const history = new MadeUpHistory();
  history.say(at(10), [ban('203.0.113.7', 10, 1_000)], { 'policy.yaml': '{}\n' });
  history.say(at(40), [ban('203.0.113.8', 40, 1_000)]);
  history.say(at(60), [ban('203.0.113.9', 60, 1_000)]);
  await history.write();
  const shallow = new MadeUpHistory();
  const from = `file://${history.folder}`;
  await outputOf(['git', 'clone', '--quiet', '--depth=2', '--branch=main', from, shallow.folder]);

  const found = await replay(shallow.read, {
    ...{ policy: EMPTY_POLICY, against: undefined, ownAddresses: [], since: at(0), now: at(100) },
    onProgress: () => undefined,
  });

  assert.equal([found.isShallow, found.beginsAt, found.total.after.addresses], [true, at(40), 3]);
});

test('tells how far it has come, and ends where that throws', async () => {
  const history = new MadeUpHistory();
  for (let step = 0; step < 10; step += 1) history.say(at(step), [ban(`203.0.113.${step}`, step, 90)]);
  const told: string[] = [];

  await replayed(history, { onProgress: (commits, of) => void told.push(`${commits} of ${of}`) });
  const stopped = await replayed(history, {
    onProgress: () => {
      throw new Error('stopped');
    },
  }).catch(String);

  assert.equal(told, ['0 of 9', '9 of 9']);
  assert.is(stopped, 'Error: stopped');
});

test.run();
