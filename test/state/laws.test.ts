/** What holds of folding whatever was said: the spool gives no order, and any file may come twice or late. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Intent } from '../../src/intent/intent.ts';
import { netOf } from '../../src/net/net.ts';
import { encodeClaims, encodeJails } from '../../src/state/codec.ts';
import { fold, type Said } from '../../src/state/fold.ts';
import { liveClaims } from '../../src/state/live.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/state/state.ts';

const test = suite('folding');

const NOW = 1_000_000;

/** Few names and times, so that everything meets everything. */
const jail = fc.constantFrom('a', 'b');
const ip = fc.constantFrom('192.0.2.1', '192.0.2.2').map(netOf);
const time = fc.integer({ min: 9_990, max: 10_000 }).map((tenths) => tenths * 100);
const until = fc.constantFrom(NOW - 10, NOW + 500, NOW + 5_000, NOW + 50_000, Infinity);

const intent: fc.Arbitrary<Intent> = fc.oneof(
  fc.record({
    intent: fc.constantFrom('ban' as const, 'prolong' as const),
    ...{ jail, ip, time, until, ports: fc.constantFrom('22', '80'), failures: fc.nat(3) },
  }),
  fc.record({ intent: fc.constant('unban' as const), jail, ip, time }),
  fc.record({ intent: fc.constantFrom('flush' as const, 'stop' as const), jail, time }),
  fc.record({
    intent: fc.constantFrom('start' as const, 'reload' as const),
    ...{ jail, time, ports: fc.constantFrom('22', '443'), protocols: fc.constant('tcp') },
  }),
  fc.record({
    intent: fc.constant('snapshot' as const),
    ...{ jail, time },
    bans: fc.uniqueArray(fc.record({ ip, time, until }), { selector: (ban) => ban.ip.text, maxLength: 2 }),
  }),
);

const operatorsUnban = fc.record({
  server: fc.constant('local'),
  intent: fc.record({ intent: fc.constant('unban' as const), jail: fc.constant('*'), ip, time }),
});

const said: fc.Arbitrary<readonly Said[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ server: fc.constantFrom('web1', 'web2', 'local'), intent }) },
    { weight: 1, arbitrary: operatorsUnban },
  ),
  { maxLength: 8 },
);

/** The same words in another order, and where to cut them into batches. */
const shuffled = said.chain((words) =>
  fc.record({
    words: fc.constant(words),
    others: fc.shuffledSubarray([...words], { minLength: words.length }),
    cuts: fc.array(fc.nat(3), { maxLength: 5 }),
  }),
);

test('gives the same state in any order and in any batches', () => {
  fc.assert(
    fc.property(shuffled, ({ words, others, cuts }) => {
      assert.equal(essence(inBatches(others, cuts), words), essence(fold(EMPTY_STATE, words, NOW), words));
    }),
    { numRuns: 2_000 },
  );
});

test('gives the same state when a flush has had its ten seconds, too', () => {
  fc.assert(
    fc.property(shuffled, ({ words, others, cuts }) => {
      const later = NOW + 10_000;

      const one = fold(fold(EMPTY_STATE, words, NOW), [], later);
      const other = fold(inBatches(others, cuts), [], later);

      assert.equal(essence(other, words), essence(one, words));
    }),
    { numRuns: 2_000 },
  );
});

test('of what was said already changes nothing', () => {
  fc.assert(
    fc.property(said, (words) => {
      const once = fold(EMPTY_STATE, words, NOW);

      const twice = fold(once, words, NOW);

      assert.equal(essence(twice, words), essence(once, words));
      assert.is(fold(twice, words, NOW), twice);
    }),
    { numRuns: 2_000 },
  );
});

test('enforces the same claims at any later time, also when all comes once more by then', () => {
  fc.assert(
    fc.property(shuffled, ({ words, others, cuts }) => {
      let one = fold(EMPTY_STATE, words, NOW);
      let other = inBatches(others, cuts);
      for (const wait of [0, 600, 10_000, 60_000, 25 * 3600 * 1000, 1000 * 24 * 3600 * 1000]) {
        const at = NOW + wait;
        one = fold(one, [], at);
        other = fold(other, [], at);

        const expected = living(one, at);
        assert.equal(living(other, at), expected);
        assert.equal(living(fold(one, words, at), at), expected);
        assert.equal(living(fold(other, others, at), at), expected);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('of what one server says changes nothing that another one claims', () => {
  fc.assert(
    fc.property(said, (words) => {
      const servers = words.filter(({ server }) => server !== 'local');
      const alone = servers.filter(({ server }) => server === 'web1');

      const both = living(fold(EMPTY_STATE, servers, NOW), NOW);

      assert.equal(
        both.filter((claim) => claim.includes(' web1 ')),
        living(fold(EMPTY_STATE, alone, NOW), NOW),
      );
    }),
    { numRuns: 1_000 },
  );
});

function inBatches(words: readonly Said[], cuts: readonly number[]): State {
  let state = EMPTY_STATE;
  let from = 0;
  for (const length of cuts) {
    state = fold(state, words.slice(from, from + length), NOW);
    from += length;
  }
  return fold(state, words.slice(from), NOW);
}

/**
 * All but until when a tombstone is kept: of two that tell the same, one may be kept for longer. And with snapshots,
 * which may contradict each other here, without what bans said beside their times.
 */
function essence(state: State, words: readonly Said[]): unknown {
  const hasSnapshots = words.some(({ intent: { intent: kind } }) => kind === 'snapshot');
  const claims = Array.from(allClaims(state), ({ details, ...claim }) =>
    hasSnapshots || details === undefined ? claim : { ...claim, details },
  );
  return {
    claims: encodeClaims(claims).replace(/, "forget": (?:null|"[^"]*")/g, ''),
    servers: Array.from(state.servers, ([server, jails]) => `${server}\n${encodeJails(jails)}`).sort(),
  };
}

function living(state: State, now: number): readonly string[] {
  return Array.from(liveClaims(state, now), ({ ip: net, server, jail: name, since, until: end }) =>
    [net.text, server, name, since, end].join(' '),
  ).sort();
}

test.run();
