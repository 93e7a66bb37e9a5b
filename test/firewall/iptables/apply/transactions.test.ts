import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { transactionsOf, type Transaction } from '../../../../src/firewall/iptables/apply/transactions.ts';
import type { Change } from '../../../../src/firewall/iptables/plan/change.ts';
import { RETURN_RULE } from '../../../../src/firewall/iptables/rules/rule.ts';

const test = suite('transactions');

const chain = 'fail2ban-x';
const printed = '-j fail2ban-x';

const MADE_BY: readonly (readonly ['iptables' | 'nft' | 'ipset', Change])[] = [
  ['iptables', { kind: 'create', chain, rules: [RETURN_RULE] }],
  ['iptables', { kind: 'delete', chain: 'INPUT', printed }],
  ['iptables', { kind: 'delete', chain: 'PREROUTING', printed, table: 'raw' }],
  ['ipset', { kind: 'destroy-set', set: 'fail2ban-x' }],
  ['nft', { kind: 'delete-handle', family: 'ipv4', chain: 'INPUT', printed, handle: 7 }],
];

test('carry out each change once, in order, by its own program, as few at a time as that allows', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...MADE_BY), { maxLength: 12 }), (planned) => {
      const transactions = transactionsOf(planned.map(([, change]) => change));

      const made = transactions.flatMap(({ tool, changes }) =>
        changes.map((change: Change): readonly unknown[] => [tool, change]),
      );
      assert.equal(made, planned);
      const ofTable = ({ text }: Transaction): string => text.split('\n', 1)[0] ?? '';
      for (const [index, transaction] of transactions.entries()) {
        const before = transactions[index - 1];
        if (before?.tool === transaction.tool) assert.is.not(ofTable(transaction), ofTable(before));
        if (transaction.tool === 'iptables')
          assert.is(ofTable(transaction), `*${transaction.changes[0]?.table ?? 'filter'}`);
      }
    }),
  );
});

test('of nft take a jump out of its table by its handle alone', () => {
  const jump = { kind: 'delete-handle', chain: 'INPUT', printed } as const;

  const [all, ...others] = transactionsOf([
    { ...jump, family: 'ipv4', handle: 7 },
    { ...jump, family: 'ipv6', handle: 12 },
  ]);

  assert.equal(others, []);
  assert.is(all?.text, 'delete rule ip filter INPUT handle 7\ndelete rule ip6 filter INPUT handle 12\n');
});

test.run();
