import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  endOfSighting,
  firstOfTrail,
  joinSighting,
  joinTrails,
  joinUnbanOf,
  MOST_OF_TRAIL,
  sizeOfTrail,
  withoutBefore,
  type Trail,
} from '../../../src/claims/seen/trail.ts';
import { netOf } from '../../../src/domain/net.ts';

const trails = suite('a trail');

const EMPTY: Trail = { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd', bans: [], unbans: [] };

const at = (seconds: number): number => seconds * 1000;

const banned = (trail: Trail, ...bans: readonly (readonly [since: number, until: number])[]): Trail =>
  bans.reduce((sum, [since, until]) => joinSighting(sum, { since: at(since), until: at(until) }), trail);

trails('has of each second one ban, however often and with whatever fraction it is told', () => {
  const once = banned(EMPTY, [1, 11]);

  assert.equal(once.bans, [{ since: 1000, until: 11_000 }]);
  assert.is(banned(once, [1.7, 11.9], [1.2, 11]), once);
  assert.is(banned(once, [1, 600], [1, Infinity]), once);
  assert.equal(banned(once, [1, 6]).bans, [{ since: 1000, until: 6000 }]);
});

trails('has a ban end when its server unbanned it, if that was first', () => {
  const [first = NEVER, second = NEVER, third = NEVER] = banned(
    EMPTY,
    [1, 11],
    [20, 30],
    [40, Infinity],
  ).bans;
  const trail = [25, 12, 25.9, 41].reduce((sum, time) => joinUnbanOf(sum, at(time)), EMPTY);

  assert.equal(trail.unbans, [12_000, 25_000, 41_000]);
  assert.equal(
    [first, second, third].map((ban) => endOfSighting(ban, trail)),
    [11_000, 25_000, 41_000],
  );
  assert.is(endOfSighting(third, EMPTY), Infinity);
});

const NEVER = { since: Infinity, until: Infinity };

trails('is the same in whatever order it was told, and grows to a bound', () => {
  const word = fc.record({ since: fc.nat(200), length: fc.nat(50), isUnban: fc.boolean() });
  const tell = (
    trail: Trail,
    { since, length, isUnban }: { since: number; length: number; isUnban: boolean },
  ) => (isUnban ? joinUnbanOf(trail, at(since)) : banned(trail, [since, since + length]));

  fc.assert(
    fc.property(
      fc
        .array(word, { maxLength: 160 })
        .chain((said) => fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length }))),
      fc.nat(160),
      ([said, again], cut) => {
        const trail = said.reduce(tell, EMPTY);
        const parts = [again.slice(0, cut), again.slice(cut)].map((part) => part.reduce(tell, EMPTY));

        assert.equal(parts.reduce(joinTrails), trail);
        assert.ok(trail.bans.length <= MOST_OF_TRAIL && trail.unbans.length <= MOST_OF_TRAIL);
        assert.is(said.reduce(tell, trail), trail);
      },
    ),
  );
});

trails('forgets what was before a moment, and is nothing without it', () => {
  const trail = joinUnbanOf(banned(EMPTY, [1, 11], [20, 30]), at(12));

  assert.equal([sizeOfTrail(trail), firstOfTrail(trail)], [3, 1000]);
  assert.is(withoutBefore(trail, 1000), trail);
  assert.equal(withoutBefore(trail, 1001), { ...trail, bans: [{ since: 20_000, until: 30_000 }] });
  assert.is(withoutBefore(trail, 20_001), undefined);
  assert.equal([sizeOfTrail(EMPTY), firstOfTrail(EMPTY)], [0, Infinity]);
});

trails.run();
