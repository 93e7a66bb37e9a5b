import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnbanIntent } from '../../../src/intent/intent.ts';
import { EVERY_JAIL, OPERATOR } from '../../../src/domain/names.ts';
import { netOf } from '../../../src/domain/net.ts';
import type { Judgement } from '../../../src/policy/judge.ts';
import { unbanOutcome, type UnbanOutcome } from '../../../src/cli/text/unban-outcome.ts';
import { ban, IP, millis } from '../../claims/said.ts';
import { judged, policyOf } from './judged.ts';
import { UTC } from '../../../src/domain/words.ts';

const outcome = suite('the outcome');

const UNBAN: UnbanIntent = { intent: 'unban', jail: EVERY_JAIL, ip: netOf(IP), time: millis(5) };
const POLICY_PATH = '/state/policy.yaml';

/** What comes of the unban where this is claimed before and after it. */
function outcomeOf(
  unbanned: Partial<UnbanIntent>,
  { before, after }: { readonly before: Judgement; readonly after: Judgement },
): UnbanOutcome {
  return unbanOutcome(
    { ...UNBAN, ...unbanned },
    { before, after, policyPath: POLICY_PATH, mode: 'enforce', zone: UTC },
  );
}

outcome('of an unban tells of a claim that was made anew meanwhile', () => {
  const [before, after] = [judged([ban(0, 600)]), judged([ban(6, Infinity)])];

  const text = `${IP} is claimed again in sshd: web1 claims it until unbanned`;
  assert.equal(outcomeOf({}, { before, after }), {
    text,
    lifted: 1,
    warnings: [text],
    hints: [`banspool why ${IP} shows what matches it`],
  });
});

outcome('of an unban of what a rule banned tells that the rule begins to count anew', () => {
  const policy = policyOf('escalate: [{ name: two, servers: 2, within: 1h, ban: 1d }]');
  const before = judged([ban(0, 600), ban(0, 86_400, { server: 'escalation', jail: 'two' })], policy);

  const { text, warnings, hints } = outcomeOf({}, { before, after: judged([]) });

  assert.equal([text, warnings], [`all claims on ${IP} lifted`, []]);
  assert.equal(hints, ['the rule two of policy.yaml no longer counts bans that began before']);
});

outcome('of an unban counts what was claimed and not enforced', () => {
  const before = judged([ban(0, 600)], policyOf('allow: [{ net: 203.0.113.0/24 }]'));

  const { text, warnings } = outcomeOf({ jail: 'sshd' }, { before, after: judged([]) });

  assert.equal([text, warnings], [`all claims on ${IP} in sshd lifted`, []]);
});

outcome('of an unban of what nothing claims names the claims inside of it', () => {
  const standing = judged([ban(0, 600)]);
  const ip = netOf('203.0.113.0/24');

  const { text, warnings, hints } = outcomeOf({ ip }, { before: standing, after: standing });

  assert.equal(
    [warnings, hints],
    [[text], [`banspool unban ${ip.text} --within lifts the 1 claim inside it`]],
  );
});

outcome('of an unban inside a wider ban is that it stays dropped, unless the policy allows it', () => {
  const before = judged([ban(0, 600), ban(0, 600, { server: OPERATOR, ip: '203.0.113.0/24' })]);
  const after = judged([ban(0, 600, { server: OPERATOR, ip: '203.0.113.0/24' })]);
  const allowing = judged(
    [ban(0, 600, { server: OPERATOR, ip: '203.0.113.0/24' })],
    policyOf(`allow: [{ net: ${IP} }]`),
  );

  const { warnings, hints } = outcomeOf({}, { before, after });

  assert.match(
    warnings.join(),
    /^203\.0\.113\.0\/24, which contains .* is still dropped in sshd: local claims it until/,
  );
  assert.match(
    hints.join(),
    /^banspool unban 203\.0\.113\.0\/24 lifts the ban of the network; a line '  - \{ net: /,
  );
  assert.equal(outcomeOf({}, { before, after: allowing }).warnings, []);
});

outcome('of an unban of what the policy denies names its line', () => {
  const denying = judged([], policyOf('deny:\n  - { net: 203.0.113.0/24 }\n'));

  const { warnings, hints } = outcomeOf({}, { before: denying, after: denying });

  assert.equal(
    [warnings, hints],
    [
      ['203.0.113.0/24 is still dropped: policy.yaml line 2 denies it'],
      [`remove line 2 from ${POLICY_PATH}, or add '  - { net: ${IP} }' below allow:`],
    ],
  );
});

outcome('of an unban of one server or one jail names what others claim of the address', () => {
  const before = judged([ban(0, 600), ban(0, 600, { server: 'web2' })]);
  const after = judged([ban(0, 600, { server: 'web2' })]);

  const { text, warnings, hints } = outcomeOf({ of: 'web1' }, { before, after });

  assert.is(text, `all claims on ${IP} by web1 lifted`);
  assert.match(warnings.join(), `${IP} is still dropped in sshd: web2 claims it until`);
  assert.equal(hints, [`banspool unban ${IP} lifts the claims of all servers in all jails`]);
});

outcome('of an unban of one address of a network that is dropped for another one names that', () => {
  const policy = policyOf('aggregate6: 64\n');
  const [ip, other] = ['2001:db8::7', '2001:db8::8'];
  const before = judged([ban(0, 600, { ip }), ban(0, 600, { ip: other, server: 'mail' })], policy);
  const after = judged([ban(0, 600, { ip: other, server: 'mail' })], policy);

  const { text, warnings, hints } = outcomeOf({ ip: netOf(ip) }, { before, after });

  assert.is(text, `all claims on ${ip} lifted`);
  assert.equal(warnings, [
    `${other}, enforced as 2001:db8::/64, which contains ${ip}, is still dropped in sshd: mail claims it until 2026-11-22 13:40:00 UTC`,
  ]);
  assert.equal(hints, [
    `banspool unban ${other} lifts that ban; a line '  - { net: "${ip}" }' below allow: in ${POLICY_PATH} allows only this address`,
  ]);

  const more = judged(
    [2, 3, 4].map((host) => ban(0, 600, { ip: `2001:db8::${host}` })),
    policy,
  );
  const many = outcomeOf({ ip: netOf(ip) }, { before, after: more });
  assert.equal(
    [many.warnings, many.hints.length, many.hints[0]?.split(';')[0]],
    [
      [`2001:db8::/64, which contains ${ip}, is still dropped for 3 other addresses inside it`],
      ...[1, 'banspool unban 2001:db8::/64 --within lifts all bans inside it'],
    ],
  );
});

outcome.run();
