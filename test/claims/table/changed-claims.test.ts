/** Claims with what changed since are what a table of all of them is. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, type Claim } from '../../../src/claims/claim.ts';
import { ChangedClaims } from '../../../src/claims/table/changed-claims.ts';
import { ClaimTable } from '../../../src/claims/table/claim-table.ts';
import { anyClaim } from './any-claim.ts';

const changed = suite('claims with what changed');

changed('are read as the table is that is made of them in the end', () => {
  fc.assert(
    fc.property(fc.array(anyClaim), fc.array(anyClaim), anyClaim, (known, said, other) => {
      const base = known.length === 0 ? undefined : ClaimTable.of(byKey(known));
      const claims = new ChangedClaims(base);
      for (const claim of said) claims.set(claimKey(claim), claim);
      const expected = new Map([...(base ?? []), ...byKey(said)]);

      const all = byKey(Array.from(claims.values()));
      const its = byKey(Array.from(claims.ofServer('web1')));

      assert.equal(all, expected);
      assert.equal(its, new Map(Array.from(expected).filter(([, { server }]) => server === 'web1')));
      assert.equal(claims.get(claimKey(other)), expected.get(claimKey(other)));
      assert.equal(new Map(claims.table()), expected);
    }),
  );
});

function byKey(claims: readonly Claim[]): ReadonlyMap<string, Claim> {
  return new Map(claims.map((claim) => [claimKey(claim), claim]));
}

changed.run();
