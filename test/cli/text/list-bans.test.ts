import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { judge } from '../../../src/policy/judge.ts';
import { EMPTY_POLICY, type Policy } from '../../../src/policy/policy.ts';
import { listBans, type ListedBan } from '../../../src/cli/text/list-bans.ts';
import type { SentIntent } from '../../../src/claims/fold.ts';
import { liveClaims } from '../../../src/claims/live.ts';
import { ban, heard, IP, millis } from '../../claims/said.ts';

const listing = suite('list bans');

function listed(said: readonly SentIntent[], policy: Policy = EMPTY_POLICY): readonly ListedBan[] {
  const now = millis(10);
  const judgement = judge(liveClaims(heard(10, ...said), now), { policy, ownAddresses: [], now });
  return listBans(judgement, 'fail2ban-');
}

listing('a ban is listed with all that claim it', () => {
  const bans = listed([
    ban(0, 600, { ports: '22', protocols: 'tcp', failures: 5, reason: 'x' }),
    ban(5, Infinity, { server: 'mail', ports: '22,80:90', protocols: 'udp' }),
  ]);

  assert.equal(bans, [
    {
      ip: IP,
      jail: 'sshd',
      chain: 'fail2ban-sshd',
      family: 'ipv4',
      protocol: 'tcp,udp',
      ports: '22,80:90',
      claims: [
        {
          server: 'web1',
          since: '2026-11-22T13:30:00.000Z',
          until: '2026-11-22T13:40:00.000Z',
          failures: 5,
          reason: 'x',
        },
        { server: 'mail', since: '2026-11-22T13:30:05.000Z', until: null, failures: null, reason: null },
      ],
    },
  ]);
});

listing('an address is a ban in each jail that claims it', () => {
  const bans = listed([ban(0, 600), ban(0, 600, { jail: 'web' })]);

  assert.equal(
    bans.map(({ jail }) => jail),
    ['sshd', 'web'],
  );
});

listing('all ports and all protocols swallow the others', () => {
  const [ban_] = listed([
    ban(0, 600, { ports: '22', protocols: 'tcp' }),
    ban(0, 600, { server: 'mail', ports: 'all', protocols: 'all' }),
  ]);

  assert.equal([ban_?.protocol, ban_?.ports], ['all', 'all']);
});

listing('bans are sorted by address, and what the policy denies stands among them', () => {
  const entry = { net: netOf('198.51.100.0/24'), note: 'gone', until: Infinity, line: 3 };

  const bans = listed([ban(0, 600, { ip: '2001:db8::7' }), ban(0, 600), ban(0, 600, { ip: '10.0.0.1' })], {
    ...EMPTY_POLICY,
    deny: [entry],
  });

  assert.equal(
    bans.map(({ ip, chain }) => `${chain} ${ip}`),
    [
      'fail2ban-sshd 10.0.0.1',
      'fail2ban-.deny 198.51.100.0/24',
      `fail2ban-sshd ${IP}`,
      'fail2ban-sshd 2001:db8::7',
    ],
  );
  assert.equal(bans[1]?.claims[0], {
    server: 'policy',
    since: null,
    until: null,
    failures: null,
    reason: 'gone',
  });
});

listing('what the policy does not let be enforced is not listed', () => {
  const entry = { net: netOf(IP), note: undefined, until: Infinity, line: 3 };

  assert.equal(listed([ban(0, 600)], { ...EMPTY_POLICY, allow: [entry] }), []);
});

listing.run();
