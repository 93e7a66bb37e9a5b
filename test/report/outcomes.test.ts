import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BanIntent } from '../../src/intent/intent.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/names/names.ts';
import { netOf } from '../../src/net/net.ts';
import { judge, type Judgement } from '../../src/policy/judge.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../src/policy/policy.ts';
import { banOutcome } from '../../src/report/ban-outcome.ts';
import { unbanOutcome } from '../../src/report/unban-outcome.ts';
import type { Said } from '../../src/state/fold.ts';
import { liveClaims } from '../../src/state/live.ts';
import { ban, heard, IP, millis, unban } from '../state/said.ts';

const outcome = suite('the outcome');

function judged(said: readonly Said[], policy: Policy = EMPTY_POLICY): Judgement {
  const now = millis(10);
  return judge(liveClaims(heard(10, ...said), now), { policy, ownAddresses: [], now });
}

const BAN: BanIntent = {
  intent: 'ban',
  jail: 'sshd',
  ip: netOf(IP),
  ports: 'all',
  protocols: 'all',
  time: millis(0),
  until: millis(600),
};

const OURS = ban(0, 600, { server: OPERATOR });

outcome('of a ban is its own end, whatever others claim', () => {
  const judgement = judged([OURS, ban(0, Infinity), ban(0, Infinity, { server: OPERATOR, jail: 'nginx' })]);

  assert.is(
    banOutcome(BAN, { judgement, families: ['ipv4'] }),
    `${IP} is banned until 2026-11-22 13:40:00 UTC`,
  );
});

outcome('of a ban that is longer than the policy lets an operator ban is the end by the policy', () => {
  const read = readPolicy('limits: { servers: { local: { bantime: 300 } } }');
  assert.is(read.kind, 'policy');
  const judgement = judged([OURS], read.kind === 'policy' ? read.policy : EMPTY_POLICY);

  assert.is(
    banOutcome(BAN, { judgement, families: ['ipv4'] }),
    `${IP} is banned until 2026-11-22 13:35:00 UTC: policy.yaml lets local ban no longer`,
  );
});

outcome('of a ban that somebody lifted meanwhile is that there is none', () => {
  const judgement = judged([OURS, unban(5, { server: OPERATOR })]);

  assert.match(banOutcome(BAN, { judgement, families: ['ipv4'] }), / is not banned any more: /);
});

outcome('of a ban in a family that the config leaves out is that nothing is dropped', () => {
  assert.is(
    banOutcome(BAN, { judgement: judged([OURS]), families: ['ipv6'] }),
    `${IP} is claimed, and not dropped: families in the config does not name ipv4`,
  );
});

outcome('of an unban tells of a claim that was made anew meanwhile', () => {
  const [before, after] = [judged([ban(0, 600)]), judged([ban(6, Infinity)])];

  assert.is(
    unbanOutcome(netOf(IP), { jail: EVERY_JAIL, before, after }),
    `${IP} is claimed again in sshd: web1 claims it until unbanned`,
  );
});

outcome('of an unban counts what was claimed and not enforced', () => {
  const read = readPolicy('allow: [{ net: 203.0.113.0/24 }]');
  const before = judged([ban(0, 600)], read.kind === 'policy' ? read.policy : EMPTY_POLICY);

  assert.is(
    unbanOutcome(netOf(IP), { jail: 'sshd', before, after: judged([]) }),
    `every claim on ${IP} in sshd is lifted`,
  );
});

outcome.run();
