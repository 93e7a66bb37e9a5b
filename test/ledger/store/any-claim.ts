/** Claims of every kind, for properties of how they are written. */
import fc from 'fast-check';
import { EVERY_JAIL } from '../../../src/domain/names.ts';
import { formatPorts } from '../../../src/domain/ports.ts';
import type { Ban, Claim } from '../../../src/claims/claim.ts';
import { anyNet, jailName, portSet, protocolsText, reasonText } from '../../support/arbitraries.ts';

export const PLAIN = { noNullPrototype: true } as const;

export const time = fc.integer({ min: 0, max: 250_000_000_000_000 });
const end = fc.oneof(time, fc.constant(Infinity));

const anyBan: fc.Arbitrary<Ban> = fc
  .record({ since: time, until: end, heard: fc.option(time) })
  .map(({ since, until, heard: at }) => ({ since, until, heard: at ?? since }));

const anyDetails = fc.record(
  {
    said: time,
    ports: portSet.map(formatPorts),
    protocols: protocolsText,
    failures: fc.nat(),
    reason: reasonText,
  },
  { ...PLAIN, requiredKeys: ['said'] },
);

const ended = fc.record({ unbanned: time, forget: end }, PLAIN);

export const anyClaim: fc.Arbitrary<Claim> = fc
  .record({
    ip: anyNet,
    server: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,62}$/),
    jail: fc.oneof(jailName, fc.constant(EVERY_JAIL)),
    bans: fc.array(anyBan, { maxLength: 3 }),
    details: fc.oneof(anyDetails, fc.constant('as the ban' as const), fc.constant(undefined)),
    end: fc.option(ended),
  })
  .map(({ details, end: ending, bans, ...key }) => ({
    ...key,
    bans,
    ...(bans[0] !== undefined && details === 'as the ban' && { details: { said: bans[0].heard } }),
    ...(bans[0] !== undefined && typeof details === 'object' && { details }),
    ...(bans.length === 0 ? { unbanned: 1000, forget: 2000 } : {}),
    ...ending,
  }));

/** Each stands once in a file. */
export const byKey = { selector: ({ ip, server, jail }: Claim): string => `${ip.text} ${server} ${jail}` };
