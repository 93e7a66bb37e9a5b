import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveClaims } from '../../../src/claims/live.ts';
import { judge, type Judgement } from '../../../src/policy/judge.ts';
import { policyEffect } from '../../../src/policy/effect/policy-effect.ts';
import { readPolicy } from '../../../src/policy/policy.ts';
import { ban, heard, millis } from '../../claims/said.ts';

const effects = suite('what another policy makes of bans');

const STATE = heard(
  5,
  ban(0, 600),
  ban(0, 300, { server: 'mail' }),
  ban(0, 600, { ip: '198.51.100.7', jail: 'recidive' }),
);

function judged(text: string, state = STATE): Judgement {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return judge(liveClaims(state, millis(5)), { policy: read.policy, ownAddresses: [], now: millis(5) });
}

interface Named {
  readonly ended: readonly string[];
  readonly begun: readonly string[];
  readonly changed: readonly string[];
}

function named(before: Judgement, after: Judgement): Named {
  const { ended, begun, changed } = policyEffect(before, after);
  return {
    ended: ended.map(({ ip, jail, why }) => `${ip.text} ${jail} ${why.code}`),
    begun: begun.map(({ ip, jail, why }) => `${ip.text} ${jail} ${why.code}`),
    changed: changed.map(({ ip, until, was }) => `${ip.text} ${(was - until) / 1000} s earlier`),
  };
}

effects('is told ban by ban, whoever claims it, with who says why; backwards it is the opposite', () => {
  const before = judged('deny: [{ net: 10.0.0.0/8 }]\n');
  const after = judged('allow: [{ net: 203.0.113.0/24 }]\ndeny: [{ net: 10.9.0.0/16 }]\n');

  assert.equal(named(before, after), {
    ended: ['203.0.113.7 sshd ignored', '10.0.0.0/8 policy denied'],
    begun: ['10.9.0.0/16 policy denied'],
    changed: [],
  });
  assert.equal(named(after, before), {
    ended: ['10.9.0.0/16 policy denied'],
    begun: ['203.0.113.7 sshd ignored', '10.0.0.0/8 policy denied'],
    changed: [],
  });
  assert.equal(named(after, after), { ended: [], begun: [], changed: [] });
});

effects('is none where a ban has still a claim that counts, but for its end', () => {
  const after = judged('limits: { servers: { web1: { jails: [recidive] } } }\n');

  assert.equal(named(judged('{}'), after), {
    ended: [],
    begun: [],
    changed: ['203.0.113.7 300 s earlier'],
  });
});

effects('is a ban that begins where only the other policy lets somebody claim it at all', () => {
  const more = heard(5, ban(0, 600), ban(0, 600, { ip: '192.0.2.7', server: 'mail' }));

  const { begun, ended } = named(judged('{}', heard(5, ban(0, 600))), judged('{}', more));

  assert.equal([begun, ended], [['192.0.2.7 sshd claimed'], []]);
});

effects('is another network that is dropped for the same ban, where the policy widens IPv6 addresses', () => {
  const state = heard(5, ban(0, 600, { ip: '2001:db8::7' }), ban(0, 600));

  const { changed, ...others } = policyEffect(judged('{}', state), judged('aggregate6: 64\n', state));

  assert.equal(others, { ended: [], begun: [] });
  assert.equal(
    changed.map(({ ip, dropped, wasDropped }) => [ip, dropped, wasDropped].map(({ text }) => text)),
    [['2001:db8::7', '2001:db8::/64', '2001:db8::7']],
  );
});

effects.run();
