/** The fast twin of the codec, for whole files: what it makes a table of, the codec makes the same of. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import type { Claim } from '../../../src/claims/claim.ts';
import { encodeClaims } from '../../../src/ledger/store/codec.ts';
import { readPart } from '../../../src/ledger/store/parts.ts';
import { readTable } from '../../../src/ledger/store/read-table.ts';
import { anyClaim } from './any-claim.ts';

const tables = suite('a file of claims read as a table');

const FILE = 'claims/ipv4/203.yaml';

/** A line that our own program does not write, which leaves the file to the codec. */
const BY_HAND = '# by hand\n';

/** Few, so that one often comes twice. */
const nearClaim: fc.Arbitrary<Claim> = fc
  .record({
    claim: anyClaim,
    ip: fc.constantFrom(
      '203.0.113.7',
      '203.0.113.7',
      '203.0.113.8',
      '203.0.0.0/16',
      '198.51.100.7',
      '2001:db8::7',
    ),
    server: fc.constantFrom('web1', 'web10', 'web1-x', 'web1', 'fw2/web1'),
    jail: fc.constantFrom('sshd', 'ssh'),
  })
  .map(({ claim, ip, ...key }) => ({ ...claim, ...key, ip: netOf(ip) }));

tables('is what the codec reads, whatever stands in it and in whatever order', () => {
  const lines = fc.array(
    nearClaim.map((claim) => encodeClaims([claim])),
    { minLength: 1, maxLength: 6 },
  );

  fc.assert(
    fc.property(lines, fc.boolean(), (some, isSorted) => {
      const text = (isSorted ? [...some].sort() : some).join('');

      assert.equal(readPart(FILE, text), readPart(FILE, text + BY_HAND), text);
    }),
    { numRuns: 200 },
  );
});

tables('needs no codec where we wrote it, with tombstones and nets among its claims', () => {
  const claims = fc.uniqueArray(nearClaim, {
    selector: ({ ip, server, jail }) => `${ip.text} ${server} ${jail}`,
    minLength: 1,
    maxLength: 6,
  });

  fc.assert(
    fc.property(claims, (some) => {
      const table = readTable(Buffer.from(encodeClaims(some)), () => true);

      assert.is(table?.size, some.length);
    }),
    { numRuns: 200 },
  );
});

tables('is left to the codec where a claim does not belong there, or nothing stands there', () => {
  const text = encodeClaims([
    {
      ip: netOf('203.0.113.7'),
      server: 'web1',
      jail: 'sshd',
      bans: [{ heard: 5, since: 5, until: Infinity }],
    },
  ]);

  assert.is(
    readTable(Buffer.from(text), () => false),
    undefined,
  );
  for (const other of ['', '\n', '[]\n', BY_HAND, text + text, `${text}\n${text}`])
    assert.is(
      readTable(Buffer.from(other), () => true),
      undefined,
      other,
    );
});

tables.run();
