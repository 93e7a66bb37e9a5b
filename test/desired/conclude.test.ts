import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { conclude, explain, type Conclusion } from '../../src/desired/conclude.ts';
import type { Circumstances } from '../../src/policy/judge.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { whyIgnoredText } from '../../src/policy/why-ignored.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { ban, heard, millis, snapshot, START, tell, then, unban } from '../claims/said.ts';

const concluding = suite('conclude');

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

const EMPTY = policyOf('{}');

function at(seconds: number, policy = EMPTY, own: readonly string[] = []): Circumstances {
  return { policy, ownAddresses: own.map(netOf), now: millis(seconds) };
}

/** All of a conclusion but for how it was come to. */
function answerOf({ portions, deny, allowed, bans, claims, ignored, nextChange }: Conclusion): unknown {
  return { portions, deny, allowed, bans, claims, ignored, nextChange };
}

const secondsOf = ({ nextChange }: Conclusion): number => (nextChange - START) / 1000;

concluding('an address that several servers ban in one jail is one ban, and in two jails two', () => {
  const state = heard(
    1,
    ban(0, 60),
    ban(0, 60, { server: 'web2' }),
    ban(0, 60, { jail: 'recidive' }),
    ban(0, 60, { ip: '198.51.100.7' }),
  );

  const { bans, claims, ignored } = conclude(state, at(2, policyOf('deny:\n  - { net: 192.0.2.0/24 }\n')));

  assert.equal([bans, claims, ignored], [4, 4, 0]);
});

concluding('a claim that the policy is against is counted, and wanted of no firewall', () => {
  const state = heard(1, ban(0, 60), ban(0, 60, { ip: '2001:db8::7' }));

  const { portions, bans, claims, ignored } = conclude(
    state,
    at(2, policyOf('allow:\n  - { net: 203.0.113.0/24 }\n')),
  );

  assert.equal([bans, claims, ignored], [1, 2, 1]);
  assert.equal([portions.ipv4.size, portions.ipv6.size], [0, 1]);
});

concluding('the claims that are explained are those that are concluded from, each with why', () => {
  const state = heard(1, ban(0, 60), ban(0, 60, { ip: '198.51.100.7' }));

  const { conclude: concluded, judgement } = explain(
    state,
    at(2, policyOf('allow:\n  - { net: 203.0.113.0/24, note: office }\n')),
  );

  assert.equal(
    judgement.enforced.map(({ ip }) => ip.text),
    ['198.51.100.7'],
  );
  assert.equal(
    judgement.ignored.map(({ claim: { ip }, why }) => `${ip.text} ${whyIgnoredText(why)}`),
    ['203.0.113.7 inside 203.0.113.0/24, which is allowed: policy.yaml line 2 (office)'],
  );
  const { claims, ignored } = concluded();
  assert.equal([claims, ignored], [2, 1]);
});

concluding('what the clock changes next is told: an end, a shortened end, one of the policy, a flush', () => {
  const state = heard(1, ban(0, 60));
  const shortened = policyOf('limits: { default: { bantime: 30s } }\n');
  const ending = policyOf(`deny:\n  - { net: 192.0.2.0/24, until: ${new Date(millis(20)).toISOString()} }\n`);
  const flushed = then(state, 5, tell('flush', 5));

  assert.is(secondsOf(conclude(EMPTY_STATE, at(2))), Infinity);
  assert.is(secondsOf(conclude(state, at(2))), 60);
  assert.is(secondsOf(conclude(state, at(2, shortened))), 30);
  assert.is(secondsOf(conclude(state, at(2, ending))), 20);
  assert.is(secondsOf(conclude(flushed, at(6))), 15);
});

concluding('only the region that a ban is in is concluded anew', () => {
  const state = heard(1, ban(0, 60), ban(0, 60, { ip: '198.51.100.7' }), ban(0, 60, { ip: '2001:db8::7' }));
  const before = conclude(state, at(2));

  const after = conclude(then(state, 3, ban(3, 60, { ip: '203.0.113.8' })), at(4), { before });

  assert.not(after.regions.get('ipv4/203') === before.regions.get('ipv4/203'));
  assert.ok(after.regions.get('ipv4/198') === before.regions.get('ipv4/198'));
  assert.ok(after.portions.ipv6.get('ipv6/20') === before.portions.ipv6.get('ipv6/20'));
  assert.is(after.bans, 4);
});

concluding('a ban that was over for the policy is one again where the clock was set back', () => {
  const state = heard(1, ban(0, 200));
  const policy = policyOf('limits: { default: { bantime: 40s } }\n');
  const before = conclude(state, at(70, policy));

  const after = conclude(state, at(30, policy), { before });

  assert.equal([before.ignored, after.ignored], [1, 0]);
});

const ADDRESSES = ['203.0.113.7', '203.0.113.8', '203.0.113.0/24', '198.51.100.7', '2001:db8::7'];
const POLICIES = [
  '{}',
  'allow:\n  - { net: 203.0.113.0/29 }\n',
  `deny:\n  - { net: 192.0.2.0/24, until: ${new Date(millis(90)).toISOString()} }\n`,
  `allow:\n  - { net: 198.51.100.0/24, until: ${new Date(millis(60)).toISOString()} }\n`,
  'limits: { servers: { web1: { bantime: 40s, jails: [sshd] } } }\n',
].map(policyOf);

const where = fc.record({
  server: fc.constantFrom('web1', 'web2'),
  jail: fc.constantFrom('sshd', 'web'),
  ip: fc.constantFrom(...ADDRESSES),
});
const word = fc.constantFrom('ban', 'unban', 'flush', 'start', 'snapshot');

interface Edit {
  readonly policy: Policy;
  readonly own: readonly string[];
}

function saidOf(
  kind: string,
  now: number,
  { ip, ...jail }: { server: string; jail: string; ip: string },
): SentIntent {
  if (kind === 'ban') return ban(now, 50, { ip, ...jail });
  if (kind === 'unban') return unban(now, { ip, ...jail });
  if (kind === 'snapshot') return snapshot(now, [[ip, now, 70]], jail);
  return tell(kind === 'flush' ? 'flush' : 'start', now, { ...jail, ports: String(now), protocols: 'tcp' });
}

concluding('after whatever came, and wherever the clock was set, it is what a fresh look concludes', () => {
  const step = fc.record({
    said: fc.array(fc.tuple(word, where), { maxLength: 3 }),
    moved: fc.integer({ min: -30, max: 30 }),
    // Where it stays, regions are taken over; each step that changes it has all of them concluded anew.
    edit: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      {
        weight: 1,
        arbitrary: fc.record({ policy: fc.constantFrom(...POLICIES), own: fc.subarray(['198.51.100.7']) }),
      },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let now = 50;
      let { policy, own }: Edit = { policy: EMPTY, own: [] };
      let state: State = EMPTY_STATE;
      let before: Conclusion | undefined;
      for (const { said, moved, edit } of steps) {
        now += moved;
        if (edit !== undefined) ({ policy, own } = edit);
        state = then(state, now, ...said.map(([kind, jail]) => saidOf(kind, now, jail)));
        const circumstances = at(now, policy, own);
        const after = conclude(state, circumstances, { before });
        assert.equal(answerOf(after), answerOf(conclude(state, circumstances)));
        assert.equal(answerOf(after), answerOf(explain(state, circumstances).conclude()));
        before = after;
      }
    }),
    { numRuns: 300 },
  );
});

concluding(
  'with aggregate6 exactly the networks of what is enforced are dropped, and each ban is counted',
  () => {
    const ips = fc.record({
      ip: fc
        .tuple(
          fc.integer({ min: 0, max: 3 }),
          fc.integer({ min: 0, max: 3 }),
          fc.constantFrom('', '/127', '/64', '/56'),
        )
        .map(([net, host, prefix]) => netOf(`2001:db8:0:${net}::${host}${prefix}`).text),
      jail: fc.constantFrom('sshd', 'web'),
      server: fc.constantFrom('web1', 'web2'),
      seconds: fc.constantFrom(5, 60, 90),
    });
    fc.assert(
      fc.property(fc.array(ips, { maxLength: 12 }), fc.boolean(), (all, allows) => {
        const said = all.map(({ ip, jail, server, seconds }) => ban(0, seconds, { ip, jail, server }));
        const state = heard(1, ...said);
        const policy = policyOf(
          `aggregate6: 64\nlimits: { default: { prefix6: 48 } }\n${allows ? 'allow: [{ net: "2001:db8:0:1::/126" }]\n' : ''}`,
        );
        const { portions, bans } = conclude(state, at(10, policy));
        const { enforced } = explain(state, at(10, policy)).judgement;

        const wanted = new Map<string, number>();
        for (const { ip, jail, until } of enforced) {
          const net = ip.prefix > 64 ? netOf(`${ip.text.replace(/\/.*/, '')}/64`) : ip;
          const key = `${jail} ${net.text}`;
          wanted.set(key, Math.max(until, wanted.get(key) ?? 0));
        }
        const stands = [...portions.ipv6.values()].flatMap((portion) =>
          [...portion].flatMap(([jail, { members }]) =>
            [...members].map(([text, until]) => [`${jail} ${text}`, until] as const),
          ),
        );
        assert.equal(Object.fromEntries([...stands].sort()), Object.fromEntries([...wanted].sort()));
        assert.is(bans, new Set(enforced.map(({ ip, jail }) => `${jail} ${ip.text}`)).size);
      }),
    );
  },
);

concluding.run();
