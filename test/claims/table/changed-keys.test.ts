/** A walk along two tables finds what a comparison of each claim would find. */
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, type Claim } from '../../../src/claims/claim.ts';
import { changedKeys } from '../../../src/claims/table/changed-keys.ts';
import { ClaimTable } from '../../../src/claims/table/claim-table.ts';
import { anyClaim, plainClaim } from './any-claim.ts';

const changed = suite('keys of changed claims');

function tableOf(claims: readonly Claim[]): ClaimTable {
  return ClaimTable.of(new Map(claims.map((claim) => [claimKey(claim), claim])));
}

changed('are those of claims that differ, and at the most others of the same addresses', () => {
  fc.assert(
    fc.property(fc.array(anyClaim), fc.array(anyClaim), (claims, more) => {
      const before = tableOf(claims);
      const after = before.with(new Map(more.map((claim) => [claimKey(claim), claim])));
      const all = new Set([...before.keys(), ...after.keys()]);
      const differ = [...all].filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)));
      const addresses = new Set(more.map(({ ip }) => ip.text));

      const found = changedKeys(before, after);

      for (const key of differ) assert.ok(found.has(key), key);
      for (const key of found) assert.ok(addresses.has(key.split(' ')[0] ?? ''), key);
      assert.equal(changedKeys(after, before), found);
    }),
    { numRuns: 300 },
  );
});

changed('are all where there was no table, and none where both are the same', () => {
  const table = tableOf([plainClaim(), plainClaim({ jail: 'web', bans: [] })]);

  assert.equal(changedKeys(undefined, table), new Set(table.keys()));
  assert.equal(changedKeys(table, undefined), new Set(table.keys()));
  assert.is(changedKeys(table, tableOf([...table.values()])).size, 0);
});

changed.run();
