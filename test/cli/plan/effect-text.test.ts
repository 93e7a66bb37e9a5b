import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { effectFields, effectLines, isNoEffect } from '../../../src/cli/plan/effect-text.ts';
import { liveClaims } from '../../../src/claims/live.ts';
import { netOf } from '../../../src/domain/net.ts';
import { UTC } from '../../../src/domain/words.ts';
import type { BanEffect, PolicyEffect } from '../../../src/policy/effect/policy-effect.ts';
import { ban, heard, millis } from '../../claims/said.ts';

const words = suite('the words of what another policy makes of bans');

const NONE: PolicyEffect = { ended: [], begun: [], changed: [] };

function ignored(count: number): readonly BanEffect[] {
  const ips = Array.from({ length: count }, (_, index) => `203.0.113.${index}`);
  const state = heard(5, ...ips.map((ip) => ban(0, 600, { ip })));
  return Array.from(liveClaims(state, millis(5)), (claim) => ({
    ...{ ip: claim.ip, jail: claim.jail },
    why: { code: 'ignored', claim, why: { code: 'too-long', server: 'web1' } },
  }));
}

const TOO_LONG = 'longer than the longest ban that policy.yaml allows web1';

words('name each ban up to five of one reason, and count more of them', () => {
  const [five, six] = [5, 6].map((count) => effectLines({ ...NONE, ended: ignored(count) }, 'new.yaml', UTC));

  assert.equal([five?.length, five?.[0]], [6, 'new.yaml would end 5 bans:']);
  assert.is(five?.[1], `  - 203.0.113.0 in sshd  ${TOO_LONG}`);
  assert.equal(six, ['new.yaml would end 6 bans:', `  - 6 bans, such as 203.0.113.0 in sshd  ${TOO_LONG}`]);
});

words('tell what begins and why it did not count so far, what is denied, and other ends', () => {
  const net = netOf('192.0.2.0/24');
  const effect: PolicyEffect = {
    ended: [{ ip: net, jail: 'policy', why: { code: 'denied', line: 3, note: undefined } }],
    begun: [
      ...ignored(1),
      { ip: netOf('198.51.100.0/24'), jail: 'policy', why: { code: 'denied', line: 4, note: 'x\u001b[2J' } },
    ],
    changed: [
      {
        ...{ ip: netOf('203.0.113.9'), jail: 'sshd', until: millis(60), was: Infinity },
        ...{ dropped: netOf('203.0.113.9'), wasDropped: netOf('203.0.113.9') },
      },
      {
        ...{ ip: netOf('2001:db8::7'), jail: 'sshd', until: millis(60), was: millis(60) },
        ...{ dropped: netOf('2001:db8::/64'), wasDropped: netOf('2001:db8::7') },
      },
    ],
  };

  const lines = effectLines(effect, 'this policy', UTC);

  assert.equal(lines, [
    'this policy would end 1 ban, begin 2 and change 2:',
    '  - 192.0.2.0/24  no longer denied',
    `  + 203.0.113.0 in sshd  so far not enforced: ${TOO_LONG}`,
    '  + 198.51.100.0/24  denied by line 4 (x [2J)',
    '  ~ 203.0.113.9 in sshd  until 2026-11-22 13:31:00 UTC instead of until unbanned',
    '  ~ 2001:db8::7 in sshd  enforced as 2001:db8::/64 instead of 2001:db8::7',
  ]);
  assert.equal([isNoEffect(effect), isNoEffect(NONE)], [false, true]);
  assert.equal(effectLines(NONE, 'new.yaml', UTC), ['new.yaml would change no ban']);
});

words('are beside codes and details in JSON', () => {
  const [first] = ignored(1);
  const effect = {
    ...NONE,
    begun: [{ ...first, why: { code: 'claimed', claim: first?.why.code === 'ignored' && first.why.claim } }],
  } as PolicyEffect;

  assert.equal(effectFields(effect), {
    ended: [],
    begun: [
      {
        ...{ ip: '203.0.113.0', jail: 'sshd' },
        why: { code: 'claimed', server: 'web1', text: 'web1 claims it until 2026-11-22 13:40:00 UTC' },
      },
    ],
    changed: [],
  });
});

words.run();
