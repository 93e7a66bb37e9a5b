/** A table of claims is what a map of them is. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, type Claim } from '../../../src/claims/claim.ts';
import { changedKeys } from '../../../src/claims/table/changed-keys.ts';
import { ClaimTable } from '../../../src/claims/table/claim-table.ts';
import { anyClaim, plainClaim } from './any-claim.ts';

const table = suite('a table of claims');

type Changes = readonly (readonly [Claim, isGone: boolean])[];

const anyChanges: fc.Arbitrary<Changes> = fc.array(fc.tuple(anyClaim, fc.boolean()), { maxLength: 12 });

function changed(known: ClaimTable, changes: Changes): ClaimTable {
  return known.with(new Map(changes.map(([claim, isGone]) => [claimKey(claim), isGone ? undefined : claim])));
}

function changeMap(known: Map<string, Claim>, changes: Changes): void {
  for (const [claim, isGone] of changes) {
    if (isGone) known.delete(claimKey(claim));
    else known.set(claimKey(claim), claim);
  }
}

table('holds after any changes what a map would hold, and hands out claims that are alike', () => {
  fc.assert(
    fc.property(fc.array(anyChanges, { maxLength: 5 }), anyClaim, (rounds, other) => {
      const map = new Map<string, Claim>();
      let held = ClaimTable.empty();
      for (const changes of rounds) {
        held = changed(held, changes);
        changeMap(map, changes);
      }

      const key = claimKey(other);
      const seen: [string, Claim][] = [];
      held.forEach((claim, each) => void seen.push([each, claim]));

      assert.is(held.size, map.size);
      assert.equal(new Map(held), map);
      assert.equal(new Map(seen), map);
      assert.equal(new Set(held.keys()), new Set(map.keys()));
      assert.equal(new Set(Array.from(held.values(), claimKey)), new Set(map.keys()));
      assert.equal(held.get(key), map.get(key));
      assert.is(held.has(key), map.has(key));
      for (const [each, claim] of map) assert.equal(held.get(each), claim);
    }),
    { numRuns: 300 },
  );
});

table('is the same in all that it holds, whatever order that came in', () => {
  fc.assert(
    fc.property(anyChanges, anyChanges, (changes, later) => {
      const before = changed(ClaimTable.empty(), changes);
      const after = changed(before, later);

      const again = ClaimTable.of(new Map([...Array.from(after).reverse(), ...after.others]));

      assert.equal(again.columns, after.columns);
      assert.ok(again.isSame(after));
      if (before.isSame(after)) assert.equal(new Map(before), new Map(after));
      else assert.ok(changedKeys(before, after).size > 0);
    }),
    { numRuns: 200 },
  );
});

table('is itself where nothing changes', () => {
  const held = ClaimTable.of(new Map([[claimKey(plainClaim()), plainClaim()]]));

  assert.is(ClaimTable.of(held), held);
  assert.is(held.with([]), held);
  assert.is(
    held.keep(() => () => true),
    held,
  );
  assert.is(
    held.ofServers(() => true),
    held,
  );
});

table('tells two tables apart by any of their numbers and words', () => {
  const tableOf = (claim: Claim): ClaimTable => ClaimTable.of(new Map([[claimKey(claim), claim]]));
  const others = [
    plainClaim({ server: 'mail' }),
    plainClaim({ jail: 'web' }),
    plainClaim({ bans: [{ heard: 5, since: 5, until: 101 }] }),
    plainClaim({ bans: [{ heard: 6, since: 5, until: 100 }] }),
    plainClaim({ details: { said: 5, failures: 4 } }),
  ];

  const held = tableOf(plainClaim());

  assert.ok(held.isSame(tableOf(plainClaim())));
  for (const other of others) assert.not.ok(held.isSame(tableOf(other)), JSON.stringify(other));
});

table('parts its claims by server as a filter would', () => {
  fc.assert(
    fc.property(anyChanges, (changes) => {
      const held = changed(ClaimTable.empty(), changes);
      const isIts = ({ server }: Claim): boolean => server === 'web1';

      const parted = held.ofServers((server) => server === 'web1');
      const walked = Array.from(held.ofServer('web1'));

      const expected = new Map(Array.from(held).filter(([, claim]) => isIts(claim)));
      assert.equal(new Map(parted), expected);
      assert.equal(new Map(walked.map((claim) => [claimKey(claim), claim])), expected);
    }),
  );
});

table('drops ordinary claims by what is asked of their saying and their ban', () => {
  fc.assert(
    fc.property(anyChanges, fc.nat(12), (changes, moment) => {
      const held = changed(ClaimTable.empty(), changes);

      const kept = held.keep(
        ({ jail }) =>
          (until, heard) =>
            jail === 'sshd' || until + heard > 100 + moment,
      );

      const isKept = ([key, { jail, bans }]: readonly [string, Claim]): boolean =>
        held.others.has(key) ||
        jail === 'sshd' ||
        bans.every(({ until, heard }) => until + heard > 100 + moment);
      assert.equal(new Map(kept), new Map(Array.from(held).filter(isKept)));
    }),
  );
});

table('counts what each saying has, and the newest of it', () => {
  fc.assert(
    fc.property(anyChanges, (changes) => {
      const held = changed(ClaimTable.empty(), changes);
      const counted = new Map<string, number[]>();
      for (const [key, { server, bans }] of held)
        if (!held.others.has(key))
          counted.set(server, [...(counted.get(server) ?? []), ...bans.map(({ heard }) => heard)]);

      const sums = new Map<string, [number, number]>();
      for (const { saying, claims, newest } of held.counts()) {
        const [count, last] = sums.get(saying.server) ?? [0, -Infinity];
        sums.set(saying.server, [count + claims, Math.max(last, newest)]);
      }

      const expected = Array.from(
        counted,
        ([server, all]) => [server, [all.length, Math.max(...all)]] as const,
      );
      assert.equal(sums, new Map(expected));
    }),
  );
});

table.run();
