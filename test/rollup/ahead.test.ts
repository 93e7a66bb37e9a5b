/** Who banned first, and whom that spared. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liveClaims } from '../../src/claims/live.ts';
import { Ahead, aheadOf, countFirsts } from '../../src/rollup/ahead.ts';
import { ban, heard, millis, then, unban } from '../claims/said.ts';

const ahead = suite('rollup/ahead');

/** What comes of it when nobody else has a turn. */
function whole<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

const [A, B, C] = ['203.0.113.7', '203.0.113.8', '2001:db8::9'];

ahead('is the server whose ban began first, with those that banned later and those that never did', () => {
  const state = heard(
    9,
    ban(0, 600, { ip: A, server: 'web1' }),
    ban(2, 600, { ip: A, server: 'web2' }),
    ban(1, 600, { ip: A, server: 'web2', jail: 'x' }),
    ban(3, 600, { ip: B, server: 'web1' }),
    ban(4, 600, { ip: C, server: 'db' }),
    ban(5, 600, { ip: C, server: 'web1' }),
  );

  const table = whole(new Ahead().of(state, millis(9)));

  assert.equal(table, [
    { first: 'web1', addresses: 2, alsoBannedBy: { web2: 1 }, spared: { web2: 1, db: 2 } },
    { first: 'db', addresses: 1, alsoBannedBy: { web1: 1 }, spared: { web1: 0, web2: 1 } },
  ]);
});

ahead('counts no ban that ended, and follows the state', () => {
  const mine = new Ahead();
  const state = heard(9, ban(0, 600, { ip: A, server: 'web1' }), ban(2, 600, { ip: A, server: 'web2' }));
  const before = whole(mine.of(state, millis(9)));

  const after = whole(mine.of(then(state, 20, unban(15, { ip: A, server: 'web1' })), millis(20)));

  assert.equal(
    [before[0]?.first, after],
    ['web1', [{ first: 'web2', addresses: 1, alsoBannedBy: {}, spared: {} }]],
  );
});

ahead('is the same shard by shard as of all claims at once', () => {
  const said = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 20 }),
      ip: fc.constantFrom(A, B, C, '198.51.100.1', '192.0.2.0/24'),
      server: fc.constantFrom('web1', 'web2', 'db'),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(said, (all) => {
      const state = heard(30, ...all.map(({ at, ...where }) => ban(at, 600, where)));

      const table = whole(new Ahead().of(state, millis(30)));

      assert.equal(table, aheadOf(countFirsts(liveClaims(state, millis(30)))));
    }),
    { numRuns: 50 },
  );
});

ahead('names thirty servers, and has the rest together', () => {
  const claims = Array.from({ length: 90 }, (_, index) => ({
    ip: { text: `10.0.0.${index}` } as never,
    server: `server${String(index % 45).padStart(2, '0')}`,
    since: index,
  }));

  const table = aheadOf(countFirsts(claims));

  assert.is(table.length, 31);
  assert.equal([table[0]?.first, table[0]?.addresses], ['other', 30]);
  assert.is(Object.keys(table[1]?.spared ?? {}).length, 29);
});

ahead.run();
