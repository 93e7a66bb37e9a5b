import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changeWords } from '../../src/firewall/change-words.ts';
import type { Change } from '../../src/firewall/change.ts';

const words = suite('words for a change');

const [chain, set] = ['fail2ban-x', 'fail2ban-x'];
const rule = { text: '-j RETURN' };

words('tell of each kind what comes, changes or goes, and how much of it', () => {
  const changes: readonly Change[] = [
    { kind: 'create', chain, rules: [rule] },
    { kind: 'rewrite', chain, difference: { added: [rule, rule], removed: ['-j DROP'] } },
    { kind: 'delete', chain, printed: '-j DROP' },
    { kind: 'insert', chain, at: 2, rule },
    { kind: 'remove', chain },
    { kind: 'insert', chain: 'PREROUTING', table: 'raw', at: 1, rule: { text: '-j fail2ban-x' } },
    { kind: 'make-set', set: { name: set, capacity: 65_536, members: [] } },
    { kind: 'destroy-set', set },
  ];

  assert.equal(changes.map(changeWords), [
    '+ chain fail2ban-x with 1 rule',
    '~ chain fail2ban-x rewritten: 2 rules added, 1 removed',
    '- fail2ban-x: -j DROP',
    '+ fail2ban-x: -j RETURN (at 2)',
    '- chain fail2ban-x',
    '+ raw PREROUTING: -j fail2ban-x (at 1)',
    '+ set fail2ban-x with 0 members, capacity 65,536',
    '- set fail2ban-x',
  ]);
});

words('name the member of a set that changed, of several the first, and nothing where none did', () => {
  const one = { text: '203.0.113.7' };

  const said = changeWords({
    ...{ kind: 'change-set', set, added: [one], removed: ['192.0.2.1', '192.0.2.2'], refreshed: [] },
  });

  assert.is(said, '~ set fail2ban-x: 203.0.113.7 added, 2 removed (192.0.2.1, …)');
});

words.run();
