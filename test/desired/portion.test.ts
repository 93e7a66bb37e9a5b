import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { portionOf, portionsOf, type EnforcedClaim } from '../../src/desired/portion.ts';
import { netOf } from '../../src/domain/net.ts';

const portions = suite('a portion');

const claim = (ip: string, more: Partial<EnforcedClaim> = {}): EnforcedClaim => ({
  ...{ ip: netOf(ip), jail: 'sshd', ports: '22', protocols: 'tcp' },
  ...more,
});

portions(
  'holds of each jail its members until the last claim of each ends, what is no host, and the scopes',
  () => {
    const portion = portionOf([
      claim('203.0.113.7', { until: 9 }),
      claim('203.0.113.7', { until: 7, ports: '80' }),
      claim('203.0.113.8', { until: 5 }),
      claim('203.0.113.8'),
      claim('203.0.113.0/24', { jail: 'web' }),
      claim('203.0.113.0/24', { jail: 'web' }),
    ]);

    const [sshd, web] = [portion.get('sshd'), portion.get('web')];
    assert.equal(Array.from(sshd?.members ?? []), [
      ['203.0.113.7', 9],
      ['203.0.113.8', Infinity],
    ]);
    assert.equal([sshd?.wide, web?.wide], [[], [netOf('203.0.113.0/24')]]);
    assert.equal([...(sshd?.scopes ?? [])], ['tcp 22', 'tcp 80']);
  },
);

portions('are parted by region, and of one family', () => {
  const found = portionsOf(
    ['203.0.113.7', '198.51.100.7', '203.0.113.8', '2001:db8::7'].map((ip) => claim(ip)),
    'ipv4',
  );

  assert.equal(
    Array.from(found, ([region, portion]) => [region, portion.get('sshd')?.members.size]),
    [
      ['ipv4/203', 2],
      ['ipv4/198', 1],
    ],
  );
});

portions('counts what is claimed, and drops the network of each, until the last claim inside it ends', () => {
  const dropped = netOf('2001:db8::/64');
  const portion = portionOf([
    claim('2001:db8::7', { dropped, until: 5 }),
    claim('2001:db8::8', { dropped, until: 9 }),
    claim('2001:db8::8', { dropped, until: 7 }),
    claim('2001:db8::/64', { until: 3 }),
    claim('2001:db8::/64', { until: 2 }),
    claim('2001:db8::9', { dropped, jail: 'web' }),
  ]);

  const [sshd, web] = [portion.get('sshd'), portion.get('web')];
  assert.equal(
    [Array.from(sshd?.members ?? []), sshd?.claimed, sshd?.wide],
    [[['2001:db8::/64', 9]], 3, [dropped]],
  );
  assert.equal(Object.fromEntries(sshd?.droppedFor ?? []), {
    '2001:db8::7': '2001:db8::/64',
    '2001:db8::8': '2001:db8::/64',
  });
  assert.equal([web?.claimed, web?.members.size], [1, 1]);
});

portions.run();
