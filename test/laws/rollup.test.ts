/** The law of the roll-up: what passes are counted to, one by one, git tells again. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffStates } from '../../src/claims/diff.ts';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { encodeClaims } from '../../src/ledger/store/codec.ts';
import { Day } from '../../src/rollup/day.ts';
import { dayOf } from '../../src/rollup/hour.ts';
import { tallyCommit, tallyTold } from '../../src/rollup/tally.ts';
import { anyIntent } from '../support/arbitraries.ts';
import { passOf } from '../status/pass-of.ts';

const law = suite('the law of the roll-up');

const START = Date.UTC(2026, 10, 22, 13, 30);
const SECOND = 1000;

/** What is said before each pass, of a few addresses, by servers and by an operator who bans. */
function speeches(): fc.Arbitrary<SentIntent[][]> {
  const parts = {
    nets: fc.constantFrom('203.0.113.7', '203.0.113.8', '198.51.100.0/24', '2001:db8::7').map(netOf),
    jails: fc.constantFrom('sshd', 'web'),
    times: fc.integer({ min: 0, max: 40 }).map((seconds) => START + seconds * SECOND),
    lengths: fc.constantFrom(3 * SECOND, 14 * SECOND, 3_600 * SECOND, Infinity),
  };
  const sent = fc.oneof(
    fc.record({ server: fc.constantFrom('web1', 'mail'), intent: anyIntent(parts) }),
    // What an operator lifts, and a server goes on to list, is a new line in git, and no ban.
    fc.record({
      server: fc.constant(OPERATOR),
      intent: anyIntent(parts).filter(({ intent }) => intent === 'ban'),
    }),
  );
  return fc.array(fc.array(sent, { maxLength: 5 }), { minLength: 1, maxLength: 8 });
}

/** As git shows it: of each file the lines that went and those that came. */
function patchOf(before: State, after: State): readonly string[] {
  const linesOf = (state: State, name: string): ReadonlySet<string> =>
    new Set(encodeClaims(state.shards.get(name)?.claims.values() ?? []).split('\n'));
  return [...new Set([...before.shards.keys(), ...after.shards.keys()])].flatMap((name) => {
    const [old, young] = [linesOf(before, name), linesOf(after, name)];
    const gone = [...old].filter((line) => !young.has(line)).map((line) => `-${line}`);
    const come = [...young].filter((line) => !old.has(line)).map((line) => `+${line}`);
    return [`diff --git a/claims/${name}.yaml b/claims/${name}.yaml`, ...gone, ...come];
  });
}

/** In no particular order. */
function figuresOf(day: Day): readonly string[] {
  return day
    .hours()
    .flatMap(({ bans, ended }) => [...bans.map((each) => Object.values(each).join(' ')), `ended ${ended}`])
    .sort();
}

law('git tells bans and ends again, as passes counted them', () => {
  fc.assert(
    fc.property(speeches(), (all) => {
      const [counted, told] = [new Day(dayOf(START)), new Day(dayOf(START))];
      let state = EMPTY_STATE;
      for (const [index, sent] of all.entries()) {
        const time = START + (index + 1) * 6 * SECOND;
        const next = fold(state, sent, time);
        const claimChanges = diffStates(state, next, time);
        tallyTold(counted, passOf({ finishedAt: time, claimChanges }));
        const commit = { commit: '', author: '', body: [], time, patch: patchOf(state, next) };
        Array.from(tallyCommit(told, commit));
        state = next;
      }

      assert.equal(figuresOf(told), figuresOf(counted));
    }),
    { numRuns: 300 },
  );
});

law.run();
