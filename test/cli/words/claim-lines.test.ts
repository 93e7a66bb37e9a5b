import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimsIn, jailsIn } from '../../../src/cli/words/claim-lines.ts';
import { formatOwnLine } from '../../../src/ledger/store/own-line.ts';
import { netOf } from '../../../src/domain/net.ts';

const test = suite('lines of claims');

const NOW = Date.UTC(2026, 10, 29, 12);

function line(ip: string, until: number, server = 'web1'): string {
  const bans = [{ heard: NOW - 60_000, since: NOW - 60_000, until }];
  return formatOwnLine({ ip: netOf(ip), server, jail: 'sshd', bans }) ?? '';
}

test('give what each is about, but for claims that ended and tombstones', () => {
  const text = [
    line('203.0.113.7', NOW + 1),
    line('203.0.113.8', NOW),
    line('2001:db8::/32', Infinity, 'fw2/web1'),
    '- { "ip": "203.0.113.9", "server": "web1", "jail": "sshd", "unbanned": "2026-11-29T12:00:00.000Z" }',
    '- { "ip": "203.0.113.10", "server": "web1", "jail": "a", "since": "2026-11-29T11:00:00.000Z", "until": null, "earlier": [] }',
    '',
  ].join('\n');

  assert.equal(
    Array.from(claimsIn(text, NOW), ({ ip, claimant }) => `${ip} ${claimant}`),
    ['203.0.113.7 web1', '2001:db8::/32 fw2/web1', '203.0.113.10 web1'],
  );
});

test('give jails of a server', () => {
  assert.equal(jailsIn('- { "jail": "sshd", "ports": "22" }\n- { "jail": "a b" }\n- { "jail": "nginx" }\n'), [
    'sshd',
    'nginx',
  ]);
});

test('give nothing that means more to a shell than itself, whoever wrote them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (ip, name) => {
      const text = `- { "ip": "${ip}", "server": "${name}", "jail": "${name}", "since": "x", "until": null }\n- { "jail": "${name}" }\n`;

      for (const found of claimsIn(text, NOW)) {
        for (const word of [found.ip, found.claimant, found.jail]) assert.match(word, /^[A-Za-z0-9_.:/-]+$/);
      }
      for (const word of jailsIn(text)) assert.match(word, /^[A-Za-z0-9_.-]+$/);
    }),
  );
});

test.run();
