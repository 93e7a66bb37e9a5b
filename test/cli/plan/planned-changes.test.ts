import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changeFields, changesOf } from '../../../src/cli/plan/planned-changes.ts';
import type { Reasons } from '../../../src/cli/text/explain.ts';
import type { FamilyPreview } from '../../../src/pass/preview.ts';

const planned = suite('planned changes');

const REASONS: Reasons = {
  forRule: (chain, { text }) => ({ code: 'structure', purpose: `${text} in ${chain}` }),
  againstRule: () => ({ code: 'unclaimed' }),
  forMember: () => undefined,
  againstMember: () => ({ code: 'unclaimed' }),
  isOfList: (chain) => chain === '.list.x',
};

planned('have each rule and member that goes or comes, with its reason', () => {
  const changes = [
    { kind: 'insert', chain: 'INPUT', at: 1, rule: { text: '-j x' } },
    { kind: 'delete', chain: 'INPUT', printed: '-j y' },
    { kind: 'change-set', set: 's', added: [{ text: 'a' }], removed: ['b'], refreshed: [{ text: 'c' }] },
  ];
  const family = { kind: 'read', family: 'ipv4', plan: { changes } } as unknown as FamilyPreview;

  const fields = changesOf(family, REASONS).map(changeFields);

  const why = { code: 'structure', text: '-j x in INPUT' };
  const unclaimed = { code: 'unclaimed', text: 'not claimed, or in the wrong place' };
  assert.equal(fields, [
    { family: 'ipv4', kind: 'insert', chain: 'INPUT', added: [{ rule: '-j x', why }], removed: [] },
    {
      family: 'ipv4',
      kind: 'delete',
      chain: 'INPUT',
      added: [],
      removed: [{ rule: '-j y', why: unclaimed }],
    },
    {
      ...{ family: 'ipv4', kind: 'change-set', chain: 's' },
      added: ['a', 'c'].map((rule) => ({ rule, why: null })),
      removed: [{ rule: 'b', why: unclaimed }],
    },
  ]);
});

planned('are none of a family that cannot be read: that is told, with the way to more', () => {
  assert.throws(
    () => changesOf({ kind: 'unreadable', family: 'ipv6', reason: 'no iptables' }, REASONS),
    'ipv6: no iptables',
  );
});

planned('of a list are the first few, and how many more there are', () => {
  const members = Array.from({ length: 9 }, (_, index) => ({ text: String(index) }));
  const removed = members.map(({ text }) => text);
  const set = { name: '.list.x', capacity: 9, members, isPlain: true };
  const changes = [
    { kind: 'make-set', set },
    { kind: 'change-set', set: '.list.x', added: members.slice(1), removed, refreshed: [], isPlain: true },
    { kind: 'create', chain: '.list.x', rules: members },
    { kind: 'create', chain: 'x', rules: members },
  ];
  const family = { kind: 'read', family: 'ipv4', plan: { changes } } as unknown as FamilyPreview;

  const found = changesOf(family, REASONS);

  assert.equal(
    found.map(({ added, removed: gone, moreAdded, moreRemoved }) => [
      ...[added.length, moreAdded],
      ...[gone.length, moreRemoved],
    ]),
    [
      [3, 6, 0, 0],
      [3, 5, 3, 6],
      [5, 4, 0, 0],
      [9, 0, 0, 0],
    ],
  );
});

planned.run();
