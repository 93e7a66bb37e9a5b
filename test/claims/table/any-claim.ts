/** Claims of all kinds, of few enough addresses that some are of the same. */
import fc from 'fast-check';
import type { Claim } from '../../../src/claims/claim.ts';
import { netOf } from '../../../src/domain/net.ts';

/** One that a table holds as a row. */
export function plainClaim(changes: Partial<Claim> = {}): Claim {
  const bans = [{ heard: 5, since: 5, until: 100 }];
  return { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd', bans, ...changes };
}

const NETS = ['203.0.113.7', '203.0.113.8', '203.0.113.200', '203.0.113.0/24', '2001:db8::7', '0.0.0.0'];

const anyBan = fc
  .record({ since: fc.nat(9), late: fc.nat(1), until: fc.constantFrom(100, 101, Infinity) })
  .map(({ since, late, until }) => ({ heard: since + late, since, until }));

const anyDetails = fc.record(
  {
    said: fc.nat(9),
    ports: fc.constantFrom('22', 'all'),
    protocols: fc.constantFrom('tcp', 'all'),
    failures: fc.nat(2),
    reason: fc.constant('noise'),
    ifConfirmed: fc.constantFrom(200, Infinity),
  },
  { requiredKeys: ['said'], noNullPrototype: true },
);

/** Half of them are rows: of one ban, with details that were said with it. */
export const anyClaim: fc.Arbitrary<Claim> = fc
  .record(
    {
      ip: fc.constantFrom(...NETS).map(netOf),
      server: fc.constantFrom('web1', 'web', 'mail', 'fw2/web1'),
      jail: fc.constantFrom('sshd', 'sshd-x', 'web'),
      bans: fc.oneof(
        anyBan.map((ban) => [ban]),
        fc.array(anyBan, { maxLength: 2 }),
      ),
      details: anyDetails,
      unbanned: fc.nat(9),
      forget: fc.nat(200),
    },
    { requiredKeys: ['ip', 'server', 'jail', 'bans'], noNullPrototype: true },
  )
  .chain((claim) =>
    fc.boolean().map((isPlain): Claim => {
      const [ban] = claim.bans;
      if (!isPlain || ban === undefined) return claim;
      const { ip, server, jail, details: { ports, protocols, failures } = {} } = claim;
      const details = {
        said: ban.heard,
        ...(ports !== undefined && { ports }),
        ...(protocols !== undefined && { protocols }),
        ...(failures !== undefined && { failures }),
      };
      return { ip, server, jail, bans: [ban], ...(claim.details !== undefined && { details }) };
    }),
  );
