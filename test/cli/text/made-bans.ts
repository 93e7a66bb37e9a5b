/** Bans that are made up, for tests of what is told of them. */
import fc from 'fast-check';
import type { Ban, BanClaim } from '../../../src/cli/text/list-bans.ts';
import { netOf } from '../../../src/domain/net.ts';

export function claimBy(server: string, more: Partial<BanClaim> = {}): BanClaim {
  return { server, since: 0, until: 5_400_000, failures: undefined, reason: undefined, ...more };
}

export function madeBan(ip: string, more: Partial<Ban> = {}): Ban {
  const net = netOf(ip);
  return {
    ...{ net, dropped: net, jail: 'sshd', chain: 'fail2ban-sshd', protocol: 'tcp', ports: '22' },
    ...{ claims: [claimBy('web1')], ...more },
  };
}

const NAME = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,62}$/);

/** With names, lists and reasons as long and as strange as they can come. */
export const ANY_BAN: fc.Arbitrary<Ban> = fc
  .record({
    ip: fc.oneof(
      fc.ipV4().map((text) => (text.startsWith('0.') ? `1${text}` : text)),
      fc.constantFrom('203.0.113.7', '2001:db8:1111:2222:3333:4444:5555:6666/127', '10.0.0.0/8', '::/0'),
    ),
    jail: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/),
    ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 15 }),
    claims: fc.array(
      fc.record({
        server: fc.oneof(
          NAME,
          fc.tuple(NAME, NAME).map((both) => both.join('/')),
        ),
        since: fc.oneof(fc.constant(undefined), fc.integer({ min: 0, max: 4e12 })),
        until: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: 4e12 })),
        failures: fc.oneof(fc.constant(undefined), fc.nat()),
        reason: fc.oneof(fc.constant(undefined), fc.string({ unit: 'binary' })),
      }),
      { minLength: 1, maxLength: 20 },
    ),
  })
  .map(({ ip, jail, ports, claims }) => madeBan(ip, { jail, ports: ports.join(','), claims }));
