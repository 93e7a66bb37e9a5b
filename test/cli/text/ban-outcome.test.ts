import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BanIntent } from '../../../src/intent/intent.ts';
import { OPERATOR } from '../../../src/domain/names.ts';
import { netOf } from '../../../src/domain/net.ts';
import { EMPTY_POLICY, readPolicy } from '../../../src/policy/policy.ts';
import { banOutcome } from '../../../src/cli/text/ban-outcome.ts';
import { ban, IP, millis, unban } from '../../claims/said.ts';
import { judged } from './judged.ts';
import { UTC } from '../../../src/domain/words.ts';

const outcome = suite('the outcome');

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
    banOutcome(BAN, { judgement, families: ['ipv4'], mode: 'enforce', zone: UTC }),
    `${IP} is banned until 2026-11-22 13:40:00 UTC`,
  );
});

outcome('of a ban that is longer than the policy lets an operator ban is the end by the policy', () => {
  const read = readPolicy('limits: { servers: { local: { bantime: 300 } } }');
  assert.is(read.kind, 'policy');
  const judgement = judged([OURS], read.kind === 'policy' ? read.policy : EMPTY_POLICY);

  assert.is(
    banOutcome(BAN, { judgement, families: ['ipv4'], mode: 'enforce', zone: UTC }),
    `${IP} is banned until 2026-11-22 13:35:00 UTC: that is the longest ban that policy.yaml allows local`,
  );
});

outcome('of a ban that somebody lifted meanwhile is that there is none', () => {
  const judgement = judged([OURS, unban(5, { server: OPERATOR })]);

  assert.match(
    banOutcome(BAN, { judgement, families: ['ipv4'], mode: 'enforce', zone: UTC }),
    / is no longer banned: /,
  );
});

outcome('of a ban in a family that the config leaves out is that nothing is dropped', () => {
  assert.is(
    banOutcome(BAN, { judgement: judged([OURS]), families: ['ipv6'], mode: 'enforce', zone: UTC }),
    `${IP} is claimed but not dropped: the config does not list ipv4 in families`,
  );
});

outcome('of a ban where nothing is enforced is what it would be', () => {
  const judgement = judged([OURS]);

  assert.is(
    banOutcome(BAN, { judgement, families: ['ipv4'], mode: 'observe', zone: UTC }),
    `${IP} would be banned until 2026-11-22 13:40:00 UTC; the mode is observe: nothing is enforced`,
  );
});

outcome.run();
