import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changeParser } from '../../../src/system/firewall/nft-monitor.ts';

const hearing = suite('nft monitor');

hearing('of a transaction the families of our tables are taken, and nothing of other tables', () => {
  const parse = changeParser();
  const told = [
    'delete rule ip filter fail2ban-x handle 3',
    'delete table ip6 filter',
    'add chain ip nat bar',
    '# new generation 9 by process 6958 (nft (odd) name)',
    'add rule ip nat bar counter comment "ip filter"',
    '# new generation 10 by process 6959 (iptables)',
  ].flatMap((line) => parse(line));

  assert.equal(told, [
    {
      family: 'ipv4',
      pid: 6958,
      program: 'nft (odd) name',
      added: [],
      deleted: ['fail2ban-x'],
      chains: ['fail2ban-x'],
    },
    { family: 'ipv6', pid: 6958, program: 'nft (odd) name', added: [], deleted: [], chains: [] },
  ]);
});

hearing('the table raw is heard where something of ours is in it', () => {
  const told = ['delete rule ip raw PREROUTING handle 5', '# new generation 4 by process 7 (iptables)'];
  const heard = (early: boolean): readonly unknown[] => {
    const parse = changeParser(early);
    return told.flatMap((line) => parse(line)).map(({ family, deleted }) => [family, deleted]);
  };

  assert.equal(heard(true), [['ipv4', ['PREROUTING']]]);
  assert.equal(heard(false), []);
});

hearing.run();
