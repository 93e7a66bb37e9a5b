import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADOPTED, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { judge, type Judgement } from '../../src/policy/judge.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { whyIgnoredText } from '../../src/policy/why-ignored.ts';
import type { LiveClaim } from '../../src/claims/live.ts';
import { ed25519 } from '../access/ssh-key.ts';

const judging = suite('judge');

const NOW = Date.UTC(2026, 10, 22, 13, 30);
const MINUTE = 60_000;

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

function claim(ip: string, changes: Partial<LiveClaim> = {}): LiveClaim {
  return {
    ip: netOf(ip),
    server: 'web1',
    jail: 'sshd',
    since: NOW - MINUTE,
    until: NOW + 10 * MINUTE,
    ports: '22',
    protocols: 'tcp',
    details: undefined,
    ...changes,
  };
}

interface Situation {
  readonly policy?: string;
  readonly own?: readonly string[];
  readonly now?: number;
}

function judged(
  claims: readonly LiveClaim[],
  { policy = '{}', own = [], now = NOW }: Situation = {},
): Judgement {
  return judge(claims, { policy: policyOf(policy), ownAddresses: own.map(netOf), now });
}

const enforced = (judgement: Judgement): readonly string[] => judgement.enforced.map(({ ip }) => ip.text);
const ignored = (judgement: Judgement): readonly string[] =>
  judgement.ignored.map(({ claim: { ip }, why }) => `${ip.text}: ${whyIgnoredText(why)}`);

judging(
  'what a rule of escalation banned is enforced on the ports of that rule, and without the rule is not',
  () => {
    const policy =
      'escalate:\n  - { name: two, servers: 2, within: 1h, ban: 1d, ports: "22,80", protocol: tcp }\n';
    const claims = ['two', 'gone'].map((jail) =>
      claim('203.0.113.7', { server: 'escalation', jail, ports: 'all' }),
    );

    const judgement = judged(claims, { policy: `${policy}limits:\n  default: { jails: [sshd] }\n` });
    const allowed = judged(claims, { policy: `${policy}allow:\n  - { net: 203.0.113.0/24 }\n` });

    assert.equal(
      judgement.enforced.map(({ jail, ports, protocols }) => [jail, ports, protocols]),
      [['two', '22,80', 'tcp']],
    );
    assert.equal(ignored(judgement), ['203.0.113.7: policy.yaml has no rule of escalation named gone']);
    assert.equal(allowed.ignored.length, 2);
  },
);

judging('without a policy every claim is enforced as it is', () => {
  const claims = [claim('203.0.113.7'), claim('203.0.113.0/24'), claim('2001:db8::/48')];

  const judgement = judged(claims);

  assert.equal(judgement.enforced, claims);
  assert.equal(judgement.ignored, []);
});

judging('a claim inside an allowed net is not enforced, and says by which line', () => {
  const judgement = judged([claim('192.0.2.7'), claim('192.0.2.0/25'), claim('192.0.3.7')], {
    policy: 'allow:\n  - { net: 192.0.2.0/24, note: office }\n',
  });

  assert.equal(enforced(judgement), ['192.0.3.7']);
  assert.equal(ignored(judgement), [
    '192.0.2.7: inside 192.0.2.0/24, which is allowed: policy.yaml line 2 (office)',
    '192.0.2.0/25: inside 192.0.2.0/24, which is allowed: policy.yaml line 2 (office)',
  ]);
});

judging('a claim that holds an allowed net is enforced, with the net told', () => {
  const judgement = judged([claim('192.0.2.0/24')], { policy: 'allow: [{ net: 192.0.2.7 }]' });

  assert.equal(enforced(judgement), ['192.0.2.0/24']);
  assert.ok(judgement.allowed.some(({ net }) => net.text === '192.0.2.7'));
});

judging('loopback and the firewall’s own addresses are allowed without a word', () => {
  const judgement = judged([claim('127.0.0.1'), claim('::1'), claim('198.51.100.1'), claim('2001:db8::1')], {
    own: ['198.51.100.1', '2001:db8::1'],
  });

  assert.equal(enforced(judgement), []);
  assert.match(ignored(judgement)[0] ?? '', /loopback/);
  assert.match(ignored(judgement)[3] ?? '', /own address/);
});

judging('an allowance ends at its date', () => {
  const policy = 'allow: [{ net: 192.0.2.0/24, until: 2026-11-22 }]';
  const end = Date.UTC(2026, 10, 23);
  const claims = [claim('192.0.2.7', { until: Infinity })];

  assert.equal(enforced(judged(claims, { policy, now: end - 1 })), []);
  assert.equal(enforced(judged(claims, { policy, now: end })), ['192.0.2.7']);
});

judging('a denied net is denied, unless it is allowed or its date has passed', () => {
  const policy = `
allow: [{ net: 192.0.2.0/24 }]
deny:
  - { net: 198.51.100.0/24 }
  - { net: 192.0.2.7 }
  - { net: 203.0.113.0/24, until: 2026-11-21 }
  - { net: 192.0.0.0/16 }
`;

  const { deny } = judged([], { policy });

  assert.equal(
    deny.map(({ net }) => net.text),
    ['198.51.100.0/24', '192.0.0.0/16'],
  );
});

judging('a claim beyond the limits is not enforced, and says which limit', () => {
  const judgement = judged(
    [claim('203.0.0.0/16'), claim('2001:db8::/32'), claim('203.0.113.7', { jail: 'web' })],
    {
      policy: 'limits: { servers: { web1: { jails: [sshd] } } }',
    },
  );

  assert.equal(ignored(judgement), [
    '203.0.0.0/16: wider than /24, the limit of web1 in policy.yaml',
    '2001:db8::/32: wider than /48, the limit of web1 in policy.yaml',
    '203.0.113.7: policy.yaml does not allow web1 to use the jail web (jails: sshd)',
  ]);
});

judging('limits of one server are not those of another', () => {
  const policy = 'limits: { servers: { mail: { prefix4: 16 } } }';

  const judgement = judged([claim('203.0.0.0/16'), claim('203.1.0.0/16', { server: 'mail' })], { policy });

  assert.equal(enforced(judgement), ['203.1.0.0/16']);
});

judging('operators may claim wider nets, but not half of the Internet', () => {
  const wide = ['203.0.0.0/8', '128.0.0.0/1', '2001::/16', '2000::/3'];

  const judgement = judged(wide.map((ip) => claim(ip, { server: OPERATOR })));

  assert.equal(enforced(judgement), ['203.0.0.0/8', '2001::/16']);
});

judging('what was adopted has no limits but the allowed nets', () => {
  const judgement = judged(
    [claim('203.0.0.0/8', { server: ADOPTED }), claim('192.0.2.7', { server: ADOPTED, until: Infinity })],
    { policy: 'allow: [{ net: 192.0.2.0/24 }]\nlimits: { default: { bantime: 1s, jails: [] } }' },
  );

  assert.equal(enforced(judgement), ['203.0.0.0/8']);
});

judging('a ban that is longer than allowed ends early', () => {
  const policy = 'limits: { default: { bantime: 5m } }';
  const claims = [claim('203.0.113.7', { until: Infinity }), claim('203.0.113.8', { until: NOW + MINUTE })];

  const judgement = judged(claims, { policy });
  const later = judged(claims.slice(0, 1), { policy, now: NOW + 4 * MINUTE });

  assert.equal(
    judgement.enforced.map(({ until }) => until),
    [NOW + 4 * MINUTE, NOW + MINUTE],
  );
  assert.equal(enforced(later), []);
});

judging('the next change is the first date or shortened end that is still to come', () => {
  const policy = `
allow: [{ net: 192.0.2.0/24, until: 2026-11-21 }, { net: 192.0.2.0/25, until: 2026-11-23 }]
deny: [{ net: 198.51.100.0/24, until: 2026-11-22T14:00:00Z }]
limits: { default: { bantime: 2h } }
`;

  assert.is(judged([], { policy }).nextChange, Date.UTC(2026, 10, 22, 14));
  assert.is(judged([claim('203.0.113.7')], { policy }).nextChange, NOW + 10 * MINUTE);
  assert.is(judged([]).nextChange, Infinity);
});

judging(
  'a peer’s claim counts by its own limits where the policy names the peer, and else for nothing',
  () => {
    const peers = (limits: string): string =>
      `peers: { fw2: { key: "ssh-ed25519 ${ed25519().base64}"${limits} } }\n`;
    const claims = [claim('203.0.113.7', { server: 'fw2/web1' }), claim('192.0.2.7', { server: 'fw3/web1' })];

    assert.equal(enforced(judged(claims, { policy: peers('') })), ['203.0.113.7']);
    assert.equal(ignored(judged(claims, { policy: peers(', jails: [web]') })), [
      '203.0.113.7: policy.yaml does not allow the peer fw2 to use the jail sshd (jails: web)',
      '192.0.2.7: policy.yaml does not name the peer fw3',
    ]);
    assert.equal(
      ignored(judged([claim('192.0.2.0/24', { server: 'fw2/web1' })], { policy: peers(', prefix4: 25') })),
      ['192.0.2.0/24: wider than /25, the limit of the peer fw2 in policy.yaml'],
    );
    assert.equal(
      ignored(judged(claims.slice(0, 1), { policy: `${peers('')}allow:\n  - { net: 203.0.113.0/24 }\n` }))
        .length,
      1,
    );
  },
);

judging(
  'a peer’s ban until unbanned ends its longest time after it was heard, others after they began',
  () => {
    const policy = `peers: { fw2: { key: "ssh-ed25519 ${ed25519().base64}", bantime: 1h } }\n`;
    const [since, peerHeard] = [NOW - 300 * MINUTE, NOW - 10 * MINUTE];
    const told = { server: 'fw2/web1', since, peerHeard };
    const endOf = (changes: Partial<LiveClaim>): number | undefined =>
      judged([claim('203.0.113.7', { ...told, ...changes })], { policy }).enforced[0]?.until;

    assert.is(endOf({ until: Infinity }), peerHeard + 60 * MINUTE);
    assert.is(endOf({ until: Infinity, peerHeard: NOW - 60 * MINUTE }), undefined);
    assert.is(endOf({ until: NOW + 5000 * MINUTE }), undefined);
    assert.is(endOf({ until: NOW + 5000 * MINUTE, since: NOW }), NOW + 60 * MINUTE);
  },
);

judging(
  'where the policy widens IPv6 addresses, a claim keeps its address, and its limits are held to that',
  () => {
    const limits = 'limits: { default: { prefix6: 128 } }\n';
    const claims = ['2001:db8::7', '2001:db8:1::/48', '203.0.113.7'].map((ip) =>
      claim(ip, { server: 'local' }),
    );

    const { enforced } = judged(claims, { policy: 'aggregate6: 64\n' });
    const [narrow] = judged([claim('2001:db8::7')], { policy: `aggregate6: 64\n${limits}` }).enforced;
    const allowed = judged([claim('2001:db8::7')], {
      policy: 'aggregate6: 64\nallow: [{ net: "2001:db8::/80" }]\n',
    });

    assert.equal(
      enforced.map(({ ip, dropped }) => [ip.text, dropped?.text]),
      [
        ['2001:db8::7', '2001:db8::/64'],
        ['2001:db8:1::/48', undefined],
        ['203.0.113.7', undefined],
      ],
    );
    assert.is(narrow?.dropped?.text, '2001:db8::/64');
    assert.equal([allowed.enforced.length, allowed.ignored[0]?.why.code], [0, 'allowed']);
  },
);

judging(
  'what was found of a policy before is what is found of it anew, whenever and wherever it is judged',
  () => {
    const minutes = fc.integer({ min: -3, max: 9 }).map((after) => NOW + after * MINUTE);
    const ends = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined });
    const net = fc.constantFrom('203.0.113.0/24', '203.0.113.7', '198.51.100.7', '2001:db8::7');
    const entry = fc.tuple(net, ends).map(([text, after]) => {
      const until = after === undefined ? '' : `, until: "${new Date(NOW + after * MINUTE).toISOString()}"`;
      return `  - { net: "${text}"${until} }\n`;
    });
    const entries = fc.array(entry, { minLength: 1, maxLength: 4 }).map((lines) => lines.join(''));
    const moments = fc.array(fc.tuple(minutes, fc.subarray(['203.0.113.7', '192.0.2.1'])), { maxLength: 6 });

    fc.assert(
      fc.property(entries, entries, moments, (allow, deny, judgements) => {
        const text = `allow:\n${allow}deny:\n${deny}`;
        const policy = policyOf(text);
        for (const [now, own] of judgements) {
          const judgement = judge([], { policy, ownAddresses: own.map(netOf), now });

          assert.equal(judgement, judged([], { policy: text, own, now }));
        }
      }),
      { numRuns: 100 },
    );
  },
);

judging(
  'what a policy denies is the same object until the clock, or an address of this machine, changes it',
  () => {
    const until = new Date(NOW + MINUTE).toISOString();
    const policy = policyOf(`deny:\n  - { net: 203.0.113.7 }\n  - { net: 203.0.113.8, until: "${until}" }\n`);
    const denyAt = (now: number, ...own: readonly string[]): Judgement['deny'] =>
      judge([claim('198.51.100.7')], { policy, ownAddresses: own.map(netOf), now }).deny;

    const first = denyAt(NOW);

    assert.is(denyAt(NOW + 1), first);
    assert.is(denyAt(NOW + MINUTE).length, 1);
    assert.is(denyAt(NOW, '203.0.113.7').length, 1);
  },
);

judging('a policy may deny more than fit into the arguments of a call', () => {
  const net = { net: netOf('203.0.113.7'), note: undefined, until: NOW + MINUTE, line: 1 };
  const policy = { ...policyOf('{}'), deny: Array.from({ length: 300_000 }, () => net) };

  const { deny, nextChange } = judge([], { policy, ownAddresses: [], now: NOW });

  assert.equal([deny.length, nextChange], [300_000, NOW + MINUTE]);
});

judging.run();
