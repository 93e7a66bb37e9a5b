import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isRewriteCheaper } from '../../../../src/firewall/iptables/plan/cost.ts';

const cost = suite('cost');

cost('of many deletes in a long chain is more than that of a rewrite, and of a few less (nft)', () => {
  const deletes = (deleted: number): boolean =>
    isRewriteCheaper({ present: 10_000, wanted: 10_000 - deleted, deleted, inserted: 0 }, 'nft');

  assert.equal([1, 10, 1_000].map(deletes), [false, false, true]);
});

cost(
  'grows with each change, never leads to a rewrite of a chain that grows, and never to one on legacy',
  () => {
    const chain = fc
      .tuple(fc.nat({ max: 20_000 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 20_000 }))
      .map(([present, share, inserted]) => {
        const deleted = Math.floor(present * share);
        return { present, deleted, inserted, wanted: present - deleted + inserted };
      });

    fc.assert(
      fc.property(chain, (each) => {
        const { present, wanted } = each;
        if (isRewriteCheaper(each, 'nft'))
          assert.ok(
            isRewriteCheaper({ ...each, deleted: each.deleted + 1, inserted: each.inserted + 1 }, 'nft'),
          );
        assert.not(isRewriteCheaper({ present, wanted, deleted: 0, inserted: wanted - present }, 'nft'));
        assert.not(isRewriteCheaper(each, 'legacy'));
      }),
    );
  },
);

cost.run();
