import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import { setRule, verdictRule } from '../../../../src/firewall/iptables/rules/rule.ts';
import { splitWords } from '../../../../src/firewall/iptables/rules/rule-words.ts';
import {
  readStrangeRule,
  setLookedInto,
  type StrangeRule,
} from '../../../../src/firewall/iptables/rules/strange-rule.ts';

const strange = suite('strange rule');

const read = (text: string): StrangeRule => readStrangeRule(splitWords(text));

strange('says whom it is about, by which ports, and where it sends them', () => {
  assert.equal(
    read('-s 203.0.113.7/32 -i eth0 -p tcp -m multiport --dports 22,80 -m comment --comment x -j LOGDROP'),
    {
      ...{ source: '203.0.113.7/32', protocol: 'tcp', ports: '22,80', target: 'LOGDROP', isPlain: true },
    },
  );
  assert.equal(read('-m iprange --src-range 203.0.113.7-203.0.113.9 -m state --state NEW -g LOGDROP'), {
    ...{ range: '203.0.113.7-203.0.113.9', target: 'LOGDROP', isPlain: true },
  });
  assert.equal(read('-j LOG --log-prefix x'), { bare: 'LOG', target: 'LOG', isPlain: true });
});

strange(
  'says nothing of whom it names behind an exclamation mark, and is plain where that is an interface',
  () => {
    assert.equal(read('! -s 203.0.113.7/32 -j DROP'), { target: 'DROP', isPlain: false });
    assert.equal(read('-s 203.0.113.7/32 ! -p tcp -j DROP'), {
      ...{ source: '203.0.113.7/32', target: 'DROP', isPlain: false },
    });
    assert.equal(read('-s 203.0.113.7/32 ! -i lo -j DROP'), {
      ...{ source: '203.0.113.7/32', target: 'DROP', isPlain: true },
    });
  },
);

strange('ends with no word that only looks like a target', () => {
  assert.is(read('-m string --string -j --algo bm -j DROP').target, 'DROP');
  assert.is(read('-m comment --comment -j -j DROP').target, 'DROP');
  assert.is(read('-m comment --comment -j').target, undefined);
});

strange('tells the set that it looks into, as one of our own forms does', () => {
  assert.is(setLookedInto({ rule: setRule('fail2ban-x', 'ipv4', 'DROP') }), 'fail2ban-x');
  assert.is(setLookedInto({ rule: verdictRule(netOf('203.0.113.7'), 'DROP') }), undefined);
  for (const text of [
    '-m set --match-set fail2ban-x dst -j DROP',
    '-m set ! --match-set fail2ban-x src -p tcp -j DROP',
  ])
    assert.is(setLookedInto({ rule: undefined, strange: read(text) }), 'fail2ban-x', text);
  assert.is(setLookedInto({ rule: undefined, strange: read('-p tcp -j DROP') }), undefined);
  assert.is(setLookedInto({ rule: undefined }), undefined);
});

strange('makes no reader throw, whatever words it has', () => {
  const word = fc.oneof(
    fc.constantFrom('-s', '-p', '-m', '!', '-j', '-g', '--match-set', '--dports', '--state', 'NEW', 'socket'),
    fc.string(),
  );

  fc.assert(fc.property(fc.array(word), (words) => void readStrangeRule(words)));
});

strange.run();
