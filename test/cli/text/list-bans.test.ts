import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { judge } from '../../../src/policy/judge.ts';
import { EMPTY_POLICY, type Policy } from '../../../src/policy/policy.ts';
import { banAsJson, listBans, sinceOf, untilOf, type Ban } from '../../../src/cli/text/list-bans.ts';
import type { SentIntent } from '../../../src/claims/fold.ts';
import { liveClaims } from '../../../src/claims/live.ts';
import { ban, heard, IP, millis } from '../../claims/said.ts';

import { policyOf } from './judged.ts';

const listing = suite('list bans');

function listed(said: readonly SentIntent[], policy: Policy = EMPTY_POLICY): readonly Ban[] {
  const now = millis(10);
  const judgement = judge(liveClaims(heard(10, ...said), now), { policy, ownAddresses: [], now });
  return listBans(judgement, 'fail2ban-');
}

listing('what several rules about all ports ban is one ban, as their chain holds it', () => {
  const policy = policyOf(
    'escalate:\n' +
      ['two, servers: 2', 'net, addresses: 2', 'ssh, bans: 2, ports: 22']
        .map((rule) => `  - { name: ${rule}, within: 1h, ban: 1d }\n`)
        .join(''),
  );
  const said = ['two', 'net', 'ssh', 'gone'].map((jail) => ban(0, 600, { server: 'escalation', jail }));

  const bans = listed(said, policy).map(({ jail, chain, ports, claims }) => [
    jail,
    chain,
    ports,
    claims.length,
  ]);

  assert.equal(bans.sort(), [
    ['net,two', 'fail2ban-.escalation', 'all', 2],
    ['ssh', 'fail2ban-.escalation.ssh', '22', 1],
  ]);
});

listing('a ban is listed with all that claim it', () => {
  const bans = listed([
    ban(0, 600, { ports: '22', protocols: 'tcp', failures: 5, reason: 'x' }),
    ban(5, Infinity, { server: 'mail', ports: '22,80:90', protocols: 'udp' }),
  ]);

  assert.equal(
    bans.map((each) => banAsJson(each, { packets: 3, bytes: 180 })),
    [
      {
        ip: IP,
        dropped: IP,
        jail: 'sshd',
        chain: 'fail2ban-sshd',
        family: 'ipv4',
        protocol: 'tcp,udp',
        ports: '22,80:90',
        packets: 3,
        bytes: 180,
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
    ],
  );
});

listing('a ban begins with its first claim, and ends with its last', () => {
  const [timed, open] = listed([
    ...[ban(0, 600), ban(5, 300, { server: 'mail' })],
    ...[ban(0, 600, { jail: 'web' }), ban(5, Infinity, { jail: 'web', server: 'mail' })],
  ]);

  assert.equal(
    [timed, open].map((each) => each && sinceOf(each)),
    [millis(0), millis(0)],
  );
  assert.equal(
    [timed, open].map((each) => each && untilOf(each)),
    [millis(600), Infinity],
  );
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
    bans.map(({ net, chain }) => `${chain} ${net.text}`),
    [
      'fail2ban-sshd 10.0.0.1',
      'fail2ban-.deny 198.51.100.0/24',
      `fail2ban-sshd ${IP}`,
      'fail2ban-sshd 2001:db8::7',
    ],
  );
  assert.equal(bans[1]?.claims[0], {
    ...{ server: 'policy', since: undefined, until: Infinity },
    ...{ failures: undefined, reason: 'gone' },
  });
  assert.equal(bans[1] && banAsJson(bans[1], undefined)['packets'], null);
});

listing('what the policy does not let be enforced is not listed', () => {
  const entry = { net: netOf(IP), note: undefined, until: Infinity, line: 3 };

  assert.equal(listed([ban(0, 600)], { ...EMPTY_POLICY, allow: [entry] }), []);
});

listing.run();
