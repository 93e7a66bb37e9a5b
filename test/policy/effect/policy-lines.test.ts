import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveClaims } from '../../../src/claims/live.ts';
import { judge, type Judgement } from '../../../src/policy/judge.ts';
import { claimLines, denyLines, readPolicyLine } from '../../../src/policy/effect/policy-lines.ts';
import { readPolicy } from '../../../src/policy/policy.ts';
import { ban, heard, millis } from '../../claims/said.ts';

const lines = suite('what a change of the policy does');

const STATE = heard(5, ban(0, 600), ban(0, 600, { ip: '198.51.100.7', server: 'mail' }));

function judged(text: string): Judgement {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return judge(liveClaims(STATE, millis(5)), { policy: read.policy, ownAddresses: [], now: millis(5) });
}

const ALLOWING = 'allow: [{ net: 203.0.113.0/24 }]\n';

lines('is told of each claim that it ends, with why, and of each that counts again', () => {
  const [none, allowing] = [judged('{}'), judged(ALLOWING)];

  assert.equal(claimLines(none, allowing), [
    'policy: end 203.0.113.7 in sshd by web1: inside 203.0.113.0/24, which is allowed: policy.yaml line 1',
  ]);
  assert.equal(claimLines(allowing, none), [
    'policy: ban 203.0.113.7 in sshd by web1: policy.yaml no longer refuses it',
  ]);
  assert.equal([claimLines(none, none), claimLines(allowing, allowing)], [[], []]);
});

lines('is told of each net that is denied since, and of each that is no more', () => {
  const before = judged('deny: [{ net: 192.0.2.0/24 }, { net: 192.0.2.7 }]\n');
  const after = judged('deny:\n  - { net: 192.0.2.0/24 }\n  - { net: 198.18.0.0/15 }\n');

  assert.equal(denyLines(before, after), [
    'policy: deny 198.18.0.0/15: policy.yaml line 3',
    'policy: end 192.0.2.7: policy.yaml no longer denies it',
  ]);
});

lines('is found with a few looks at each denied net, however many there are', () => {
  const nets = Array.from({ length: 1000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const policyOf = (all: readonly string[]): string =>
    `deny: [${all.map((net) => `{ net: ${net} }`).join()}]\n`;
  let looks = 0;
  const watched = (judgement: Judgement): Judgement => ({
    ...judgement,
    deny: judgement.deny.map((each) => ({
      ...each,
      net: {
        ...each.net,
        get text(): string {
          looks += 1;
          return each.net.text;
        },
      },
    })),
  });
  const before = watched(judged(policyOf(nets)));
  const after = watched(judged(policyOf([...nets, '192.0.2.7'])));

  const told = denyLines(before, after);

  assert.equal(told, ['policy: deny 192.0.2.7: policy.yaml line 1']);
  assert.ok(looks <= 10 * nets.length, `${looks} looks at ${nets.length} nets`);
});

lines('is read again out of its lines, also out of those of earlier versions', () => {
  const named = { ip: '203.0.113.7', jail: 'sshd', server: 'fw2/web1' };

  for (const [line, told] of [
    ['policy: end 203.0.113.7 in sshd by fw2/web1: wider than /24', { effect: 'ended', ...named }],
    ['policy: end 203.0.113.7 in sshd for fw2/web1: wider than /24', { effect: 'ended', ...named }],
    [
      'policy: ban 203.0.113.7 in sshd by fw2/web1: policy.yaml no longer refuses it',
      { effect: 'banned', ...named },
    ],
    ['policy: deny 2001:db8::/32: policy.yaml line 3', { effect: 'denied', ip: '2001:db8::/32' }],
    [
      'policy: end 192.0.2.7: policy.yaml no longer denies it',
      { effect: 'no-longer-denied', ip: '192.0.2.7' },
    ],
    ['policy: and 1,200 more changes of that kind', { effect: 'more', count: 1200 }],
    ['policy: something else', undefined],
  ] as const)
    assert.equal(readPolicyLine(line), told);
});

lines.run();
