import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSeen } from './seen.ts';
import { allSeen } from '../../src/claims/seen/seen-tree.ts';
import { targetsOf } from '../../src/escalation/targets.ts';
import { rules } from './rules.ts';

const test = suite('what a rule is held against');

const ruleOf = (text: string) => {
  const [rule] = rules(`name: a, ${text}, within: 1h, ban: 1d`).escalate;
  if (rule === undefined) throw new Error('there is no rule');
  return rule;
};

test('is each address that was seen anew, or each net of one with all that was seen inside it', () => {
  const region = makeSeen([
    '203.0.113.1',
    '203.0.113.2',
    '203.0.113.200',
    '203.0.114.1',
    '203.0.0.0/16',
    '203.0.113.0/25',
  ]);
  const anew = Array.from(allSeen(region.tree)).filter(({ ip }) =>
    ['203.0.113.2', '203.0.0.0/16'].includes(ip.text),
  );
  const found = (text: string): readonly string[] =>
    Array.from(
      targetsOf(ruleOf(text), anew, region),
      ({ ip, seen }) =>
        `${ip.text}: ${seen
          .map((each) => each.ip.text)
          .sort()
          .join(' ')}`,
    ).sort();

  assert.equal(found('servers: 2'), ['203.0.0.0/16: 203.0.0.0/16', '203.0.113.2: 203.0.113.2']);
  assert.equal(found('addresses: 2, net4: 25'), ['203.0.113.0/25: 203.0.113.0/25 203.0.113.1 203.0.113.2']);
  assert.equal(found('addresses: 2').length, 1);
});

test('is the same where very many are new, but for nets that hold too few', () => {
  for (const at of [
    (i: number) => `203.${i % 90}.0.${i % 7}`,
    (i: number) => `2001:db8:0:${i % 90}::${i % 7}`,
  ]) {
    const region = makeSeen(Array.from({ length: 500 }, (_, index) => at(index)));
    const anew = Array.from(allSeen(region.tree));
    const rule = ruleOf('addresses: 2');

    const many = Array.from(
      targetsOf(rule, anew, region),
      ({ ip, seen }) => `${ip.text} ${seen.length}`,
    ).sort();
    const few = [
      ...new Set(
        anew.flatMap((each) =>
          Array.from(targetsOf(rule, [each], region), ({ ip, seen }) => `${ip.text} ${seen.length}`),
        ),
      ),
    ];

    assert.is(many.length, 90);
    assert.equal(many, few.sort());
  }
});

test.run();
