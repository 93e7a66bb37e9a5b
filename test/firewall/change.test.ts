import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countersNeeded, isRefresh, isSetChange, type Change } from '../../src/firewall/change.ts';
import { RETURN_RULE } from '../../src/firewall/iptables/rules/rule.ts';

const change = suite('change');

const [chain, set, printed] = ['fail2ban-x', 'fail2ban-x', '-j RETURN'];
const MEMBER = { text: '203.0.113.7' };
const OF_SET = { kind: 'change-set', set, added: [], removed: [], refreshed: [] } as const;

/** One of each kind, and of sets one of each effect. */
const CHANGES: Readonly<Record<string, Change>> = {
  create: { kind: 'create', chain, rules: [] },
  rewrite: { kind: 'rewrite', chain, difference: { added: [], removed: [] } },
  delete: { kind: 'delete', chain, printed },
  insert: { kind: 'insert', chain, at: 1, rule: RETURN_RULE },
  remove: { kind: 'remove', chain },
  handle: { kind: 'delete-handle', chain, printed },
  make: { kind: 'make-set', set: { name: set, capacity: 65_536, members: [] } },
  add: { ...OF_SET, added: [MEMBER], refreshed: [MEMBER] },
  take: { ...OF_SET, removed: [MEMBER.text] },
  refresh: { ...OF_SET, refreshed: [MEMBER] },
  destroy: { kind: 'destroy-set', set },
};

const KINDS: readonly (readonly [string, (each: Change) => boolean, readonly string[]])[] = [
  ['is of a set where ipset carries it out', isSetChange, ['make', 'add', 'take', 'refresh', 'destroy']],
  ['is a refresh where it sets times, and lets nobody in or out', isRefresh, ['refresh']],
];

for (const [what, isIt, expected] of KINDS)
  change(what, () => {
    const found = Object.entries(CHANGES).flatMap(([name, each]) => (isIt(each) ? [name] : []));

    assert.equal(found, [...expected]);
  });

change('needs what counters say of the rules, and of sets where it counts on from those', () => {
  const { rewrite, make, add } = CHANGES as Record<'rewrite' | 'make' | 'add', Change>;

  assert.equal(
    [
      countersNeeded([make, add]),
      countersNeeded([make, rewrite]),
      countersNeeded([{ ...make, countsOn: 'rules' } as Change]),
      countersNeeded([{ ...make, countsOn: 'sets' } as Change, rewrite]),
      countersNeeded([{ ...rewrite, countsOn: 'sets' } as Change, add]),
    ],
    ['none', 'rules', 'rules', 'sets', 'sets'],
  );
});

change.run();
