import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Rule } from '../../../../src/firewall/iptables/rules/rule.ts';
import {
  reorder,
  type PresentRule,
  type Reordering,
} from '../../../../src/firewall/iptables/plan/reorder.ts';
import { textsOf } from '../../../support/rules.ts';

const reordering = suite('reorder');

const WANTED = ['a', 'b', 'c', 'd', 'e'] as const;

/** Each wanted rule has its place. */
function reordered(
  present: readonly PresentRule[],
  wanted: readonly string[] = WANTED,
): Readonly<Record<keyof Reordering, readonly string[]>> {
  const places = new Map(wanted.map((text, index) => [text, index]));
  const { kept, deleted, missing } = reorder(present, {
    rules: wanted.map(named),
    rankOf: ({ text }) => places.get(text),
  });
  return { kept: textsOf(kept), deleted, missing: textsOf(missing) };
}

const named = (text: string): Rule => ({ match: 'all', to: text, text });

const rule = (text: string): PresentRule => ({ rule: named(text), printed: text });

const rules = (texts: string): PresentRule[] => Array.from(texts, rule);

reordering('what is in order stays', () => {
  assert.equal(reordered(rules('abcde')), { kept: ['a', 'b', 'c', 'd', 'e'], deleted: [], missing: [] });
});

reordering('what is missing is told in the wanted order', () => {
  assert.equal(reordered(rules('bd')), { kept: ['b', 'd'], deleted: [], missing: ['a', 'c', 'e'] });
});

reordering('of rules in disorder as many stay as can', () => {
  assert.equal(reordered(rules('ebcda')), {
    kept: ['b', 'c', 'd'],
    deleted: ['e', 'a'],
    missing: ['a', 'e'],
  });
});

reordering('a rule that stands twice goes twice and comes once: a delete by value takes the first', () => {
  assert.equal(reordered(rules('abbcde')), {
    kept: ['a', 'c', 'd', 'e'],
    deleted: ['b', 'b'],
    missing: ['b'],
  });
});

reordering('of two rules that mean the same and are printed differently the first stays', () => {
  const present = [rule('a'), { rule: named('b'), printed: 'b1' }, { rule: named('b'), printed: 'b2' }];

  assert.equal(reordered(present, ['a', 'b']), { kept: ['a', 'b'], deleted: ['b2'], missing: [] });
});

reordering('a rule that nobody wants, or that may not stay where it is, goes', () => {
  const present = [rule('x'), rule('a'), { rule: undefined, printed: 'b' }];

  assert.equal(reordered(present, ['a', 'b']), { kept: ['a'], deleted: ['x', 'b'], missing: ['b'] });
});

reordering('whatever stands, deleting and inserting gives the wanted rules in order', () => {
  const present = fc.array(
    fc.record({ text: fc.constantFrom(...WANTED, 'x', 'y'), isSunk: fc.boolean(), other: fc.boolean() }),
    { maxLength: 10 },
  );

  fc.assert(
    fc.property(present, fc.subarray([...WANTED]), (found, wanted) => {
      const standing = found.map(({ text, isSunk, other }) => ({
        rule: isSunk ? undefined : named(text),
        printed: other ? `${text}'` : text,
      }));

      const { kept, deleted, missing } = reordered(standing, wanted);

      // What a delete by value leaves: each takes the first of its value.
      const left = standing.map(({ printed }) => printed);
      for (const printed of deleted) left.splice(left.indexOf(printed), 1);
      assert.equal(
        left.map((printed) => printed.replace("'", '')),
        kept,
      );
      assert.equal([...kept, ...missing].sort(), [...wanted].sort());
      assert.equal(
        kept,
        wanted.filter((each) => kept.includes(each)),
      );
      assert.equal(
        missing,
        wanted.filter((each) => !kept.includes(each)),
      );
    }),
    { numRuns: 2000 },
  );
});

reordering('of ten thousand rules the longest run is found in a moment', () => {
  const texts = Array.from({ length: 10_000 }, (_, index) => `r${index}`);
  const shuffled = texts.map((text, index) => rule(texts[(index * 7919) % 10_000] ?? text));
  const startedAt = process.cpuUsage();

  const { kept, deleted } = reordered(shuffled, texts);

  const { user } = process.cpuUsage(startedAt);
  assert.is(kept.length + deleted.length, 10_000);
  assert.ok(user < 1_000_000, `${user} µs`);
});

reordering.run();
