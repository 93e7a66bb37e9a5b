import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bareTarget,
  joinWords,
  jumpTarget,
  splitWords,
  takeCounters,
} from '../../../../src/firewall/iptables/rules/rule-words.ts';

const words = suite('words of a rule');

const anyWord = fc.oneof(
  fc.constantFrom('-s', '-j', '', ' ', '"', "'", '\\', '\\"', 'a b', "it's", '-m', '203.0.113.7/32'),
  fc.string(),
);

words('that are joined are the same when they are split again, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(anyWord, { minLength: 1, maxLength: 6 }), (all) => {
      assert.equal(splitWords(joinWords(all)), all);
    }),
    { numRuns: 1000 },
  );
});

words(
  'are split at spaces, but not inside of quotes, where a backslash takes the next letter as it is',
  () => {
    assert.equal(splitWords(String.raw`-m comment --comment "say \"hi\\" -j  x`), [
      ...['-m', 'comment', '--comment', 'say "hi\\', '-j', 'x'],
    ]);
  },
);

words('name a target only behind -j or -g, and a jump only at the end', () => {
  const targets = [
    '-p tcp -j fail2ban-x',
    '-g fail2ban-x',
    '-j REJECT --reject-with tcp-reset',
    '-p tcp',
    '-j',
    '',
  ].map((text) => [jumpTarget(splitWords(text)), bareTarget(splitWords(text))]);

  assert.equal(targets, [
    ['fail2ban-x', undefined],
    ['fail2ban-x', 'fail2ban-x'],
    [undefined, 'REJECT'],
    [undefined, undefined],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

words('are the same with counters taken out as without, whether there is a target or not', () => {
  const rules = [
    ['-s 203.0.113.7/32 ', '-j DROP'],
    ['-p tcp ', '-g fail2ban-x'],
    ['-m comment --comment -c ', '-j DROP'],
    ['-p tcp ', ''],
    ['-m comment --comment "-c 1 2" ', ''],
  ];

  for (const [head = '', tail = ''] of rules)
    assert.equal(
      takeCounters(splitWords(`${head}-c 7 420 ${tail}`)),
      { plain: splitWords(head + tail), packets: 7, bytes: 420 },
      head + tail,
    );
  assert.equal(takeCounters(['-j', 'DROP']), { plain: ['-j', 'DROP'], packets: 0, bytes: 0 });
});

words.run();
