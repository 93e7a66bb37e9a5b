import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ban, unban } from '../../claims/said.ts';
import { asked } from './asked.ts';

const test = suite('the answer of why');

const SAID = [
  ban(0, 600),
  ban(0, 600, { ip: '203.0.113.0/24', server: 'mail' }),
  ban(0, 600, { ip: '203.0.113.8' }),
  ban(0, 600, { ip: '198.51.100.7' }),
  unban(1, { ip: '198.51.100.7' }),
];

test('of an address has what is claimed of it, and of networks around it', () => {
  const { claims, inside, verdict, wanted, traffic } = asked('203.0.113.7', {
    said: SAID,
    dropped: ['22/tcp'],
  });

  assert.equal(claims.map(({ claim }) => claim.ip.text).sort(), ['203.0.113.0/24', '203.0.113.7']);
  assert.equal([inside, verdict, wanted, traffic], [undefined, 'dropped', 'dropped', ['22/tcp']]);
});

test('of a network has what is claimed of it, and sums up what is inside', () => {
  const { claims, inside, verdict, wanted } = asked('203.0.113.0/24', { said: SAID });
  const wider = asked('203.0.0.0/16', { said: SAID });

  assert.equal(
    claims.map(({ claim }) => claim.ip.text),
    ['203.0.113.0/24'],
  );
  assert.equal([inside?.claims, verdict, wanted], [2, 'passes', 'dropped']);
  assert.equal([wider.claims, wider.inside?.claims, wider.wanted], [[], 3, 'passes']);
});

test('has unbans that count, policy lines inside and around, and families that cannot be read', () => {
  const policy = 'allow: [{ net: 198.51.100.0/28 }]\ndeny: [{ net: 198.51.0.0/16 }]\n';
  const { unbans, allowed, denied, wanted } = asked('198.51.100.7', { said: SAID, policy });
  const ipv6 = asked('2001:db8::7', {});

  assert.equal(
    unbans.map(({ ip, jail, server }) => `${ip.text} ${jail} ${server}`),
    ['198.51.100.7 sshd web1'],
  );
  assert.equal([allowed.length, denied.length, wanted], [1, 1, 'passes']);
  assert.equal(
    [ipv6.verdict, ipv6.unreadable],
    ['unknown', [{ family: 'ipv6', reason: 'ip6tables is not installed' }]],
  );
});

test('has for each address of a network that is dropped the claims that it is dropped for', () => {
  const said = [ban(0, 600, { ip: '2001:db8::7' }), ban(0, 600, { ip: '2001:db8:0:1::7' })];
  const found = ['2001:db8::7', '2001:db8::8', '2001:db8::/80', '2001:db8::/64', '2001:db8:0:2::7'].map(
    (ip) => {
      const { wanted, claims, inside } = asked(ip, { said, policy: 'aggregate6: 64\n' });
      return [wanted, claims.map(({ claim }) => claim.ip.text).join(), inside?.claims];
    },
  );

  assert.equal(found, [
    ['dropped', '2001:db8::7', undefined],
    ['dropped', '2001:db8::7', undefined],
    ['dropped', '', 1],
    ['dropped', '', 1],
    ['passes', '', undefined],
  ]);
});

test.run();
