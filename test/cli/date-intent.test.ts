/** When an operator's word is dated. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dateBan, dateUnban } from '../../src/cli/date-intent.ts';
import type { BanIntent, UnbanIntent } from '../../src/intent/intent.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { ban, HOUR, heard, IP, millis, snapshot, unban } from '../claims/said.ts';

const date = suite('the date of an operator’s word');

const UNBAN: UnbanIntent = { intent: 'unban', jail: EVERY_JAIL, ip: netOf(IP), time: millis(10) };
const BAN: BanIntent = {
  intent: 'ban',
  jail: 'manual',
  ip: netOf(IP),
  time: millis(10),
  until: millis(20),
};

date('is now where nothing is ahead', () => {
  const state = heard(9, ban(8, HOUR), ban(100, HOUR, { ip: '203.0.113.8' }));

  assert.equal(dateUnban(UNBAN, state), UNBAN);
  assert.equal(dateBan(BAN, state), BAN);
});

date('of an unban is that of the newest ban that it is to lift', () => {
  const state = heard(
    9,
    ban(100, HOUR),
    ban(120, HOUR, { server: 'mail', jail: 'postfix' }),
    snapshot(20, [[IP, 110, HOUR]], { server: 'mail' }),
  );

  assert.is(dateUnban(UNBAN, state).time, millis(120));
  assert.is(dateUnban({ ...UNBAN, jail: 'sshd' }, state).time, millis(110));
});

date('of an unban is not so far ahead that it would be taken as of now', () => {
  const state = heard(9, ban(310, HOUR), ban(311, HOUR, { server: 'mail' }));

  assert.is(dateUnban(UNBAN, state).time, millis(310));
});

date('of a ban is after the operator’s own unban, and it keeps its length', () => {
  const state = heard(
    9,
    ban(100, HOUR),
    unban(100, { server: OPERATOR, jail: EVERY_JAIL }),
    unban(200, { server: 'mail' }),
  );

  assert.equal(dateBan(BAN, state), { ...BAN, time: millis(100) + 1, until: millis(110) + 1 });
});

date.run();
