import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { notAdoptable } from '../../../src/firewall/iptables/not-adoptable.ts';

const test = suite('rules that cannot be adopted');

const chain = 'fail2ban-a';

test('are taken out by their text, and before that from the last on by number what no text finds', () => {
  const { hint = '' } = notAdoptable('ipv6', [
    { chain, rule: '-j DROP', at: 1 },
    { chain, rule: '-m recent --set -j DROP', at: 2 },
    { chain, rule: '-m comment --comment "$(reboot)" -j DROP', at: 5 },
  ]);

  assert.equal(hint.split(': ').at(-1)?.split('; '), [
    ...['ip6tables -D fail2ban-a 5', 'ip6tables -D fail2ban-a 2', 'ip6tables -D fail2ban-a -j DROP'],
  ]);
});

test('are named up to fifty, and the others counted', () => {
  const rules = Array.from({ length: 52 }, (_, index) => ({ chain, rule: `-p ${index} -j DROP`, at: index }));

  const { message } = notAdoptable('ipv4', rules);

  assert.is(message.match(/"-p \d+ -j DROP"/g)?.length, 50);
  assert.match(message, '(and 2 more); ipv4 stays unchanged until they are removed');
});

test.run();
