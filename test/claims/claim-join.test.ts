import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_JAIL, type Ban, type Claim, type Details } from '../../src/claims/claim.ts';
import { isAlike, joinBan, joinDetails, joinUnban, withoutUnlisted } from '../../src/claims/claim-join.ts';
import { netOf } from '../../src/domain/net.ts';
import { DAY, IP } from './said.ts';

const joining = suite('what is joined to a claim');

const CLAIM: Claim = { ip: netOf(IP), server: 'web1', jail: 'sshd', bans: [] };

const banOf = (heard: number, until: number): Ban => ({ heard, since: heard, until });

const joinAll = (bans: readonly Ban[], claim = CLAIM): Claim =>
  bans.reduce((joined, ban) => joinBan(joined, ban, EMPTY_JAIL), claim);

const anyBan = fc
  .tuple(fc.nat(5), fc.integer({ min: 6, max: 12 }))
  .map(([heard, until]) => banOf(heard, until));

joining('keeps of bans those that end later than all that are newer, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(anyBan, { maxLength: 6 }), (bans) => {
      const joined = joinAll(bans);

      assert.equal(joinAll(bans.toReversed()), joined);
      assert.equal(joinAll(bans, joined), joined);
      assert.is(joined.bans[0]?.heard ?? -1, Math.max(-1, ...bans.map(({ heard }) => heard)));
      assert.is(joined.bans.at(-1)?.until ?? -1, Math.max(-1, ...bans.map(({ until }) => until)));
    }),
  );
});

joining('keeps eight bans at the most, and of the oldest two the longer end', () => {
  const { bans } = joinAll(Array.from({ length: 9 }, (_, index) => banOf(index, 100 - index)));

  assert.is(bans.length, 8);
  assert.equal(bans.at(-1), { ...banOf(1, 99), until: 100 });
});

joining(
  'lets an unban end what was heard up to it, and remembers it as long as that could come again',
  () => {
    const late = joinUnban(joinAll([banOf(1, 5 * DAY * 1000), banOf(3, 5)]), 2, EMPTY_JAIL);
    const early = joinBan(joinUnban(CLAIM, 2, EMPTY_JAIL), banOf(1, 5 * DAY * 1000), EMPTY_JAIL);
    const soon = joinUnban(CLAIM, 2, EMPTY_JAIL);

    assert.equal([late.bans, late.unbanned, late.forget], [[banOf(3, 5)], 2, 5 * DAY * 1000]);
    assert.equal([early.bans, early.forget], [[], 5 * DAY * 1000]);
    assert.is(soon.forget, 2 + DAY * 1000);
  },
);

joining(
  'keeps the newest details, of two as new the same ones in any order, and none from before an unban',
  () => {
    const [a, b]: readonly Details[] = [
      { said: 2, ports: '22' },
      { said: 2, ports: '80' },
    ];
    const said = (...all: readonly (Details | undefined)[]): Details | undefined =>
      all.reduce((claim, each) => (each === undefined ? claim : joinDetails(claim, each)), CLAIM).details;

    assert.equal(said(a, b), said(b, a));
    assert.equal(said(a, { said: 3 }, b), { said: 3 });
    assert.is(joinDetails({ ...CLAIM, unbanned: 2 }, { said: 2 }).details, undefined);
  },
);

joining('takes of a snapshot what it lists for the same ban within a second', () => {
  const ban = { heard: 900, since: 900, until: 60_900 };

  assert.ok(isAlike(ban, { ...ban, since: 0, until: 60_000 }));
  assert.not.ok(isAlike(ban, { ...ban, since: 1900 }));
  assert.not.ok(isAlike(ban, { ...ban, until: Infinity }));
  assert.equal(withoutUnlisted({ ...CLAIM, bans: [ban] }, [], 901).bans, []);
  assert.equal(withoutUnlisted({ ...CLAIM, bans: [ban] }, [], 900).bans, [ban]);
});

joining.run();
