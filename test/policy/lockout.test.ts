import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judge, type Judgement } from '../../src/policy/judge.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { lockouts } from '../../src/policy/lockout.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import { liveClaims } from '../../src/claims/live.ts';
import { ban, heard, IP, millis } from '../claims/said.ts';

const lockout = suite('who would be locked out');

const ME = { address: IP, who: 'you are logged in' };
const NET = '203.0.113.0/24';

function judged(policyText: string, ...said: readonly SentIntent[]): Judgement {
  const read = readPolicy(policyText);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  const now = millis(10);
  return judge(liveClaims(heard(10, ...said), now), { policy: read.policy, ownAddresses: [], now });
}

function texts(sessions: Parameters<typeof lockouts>[0], after: Judgement, before?: Judgement): string {
  return lockouts(sessions, { after, ...(before !== undefined && { before }) })
    .map(({ text, by }) => `${by.net.text} ${by.line ?? '-'} ${text}`)
    .join('; ');
}

lockout('is he from whose address a ban or the policy comes to drop packets', () => {
  assert.is(texts([ME], judged('{}', ban(0, 600))), `${IP} - ${IP}, from which you are logged in`);
  assert.is(
    texts([ME], judged(`deny:\n  - { net: ${NET} }\n`)),
    `${NET} 2 ${IP}, from which you are logged in`,
  );
  assert.is(
    texts([{ address: '::ffff:203.0.113.7', who: 'anna is logged in (pts/1)' }], judged('{}', ban(0, 600))),
    `${IP} - ${IP}, from which anna is logged in (pts/1)`,
  );
});

lockout('is nobody whom the policy allows, who was dropped before, or whose address is no address', () => {
  const claimed = judged('{}', ban(0, 600));

  assert.is(texts([ME], judged(`allow: [{ net: ${NET} }]`, ban(0, 600))), '');
  assert.is(texts([ME], claimed, claimed), '');
  assert.is(texts([{ address: ':pts/2:S.0', who: 'screen' }], claimed), '');
});

lockout('is told once, however many sessions come from there', () => {
  assert.is(lockouts([ME, ME, ME], { after: judged('{}', ban(0, 600)) }).length, 1);
});

lockout('is also he whose neighbour is banned where a network is dropped for an address', () => {
  const me = { address: '2001:db8::7', who: 'you are logged in' };
  const [wide] = lockouts([me], { after: judged('aggregate6: 64\n', ban(0, 600, { ip: '2001:db8::8' })) });

  assert.equal([wide?.by.net.text, wide?.by.dropped?.text], ['2001:db8::8', '2001:db8::/64']);
  assert.is(texts([me], judged('{}', ban(0, 600, { ip: '2001:db8::8' }))), '');
});

lockout.run();
