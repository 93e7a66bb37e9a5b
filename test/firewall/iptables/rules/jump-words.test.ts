import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jumpWords } from '../../../../src/firewall/iptables/rules/jump-words.ts';

const jumping = suite('words of a jump');

jumping('say all that it matches, as iptables prints it', () => {
  assert.equal(
    [
      { target: 'fail2ban-a', isGoto: false },
      { target: 'fail2ban-a', isGoto: true },
      { target: 'fail2ban-a', isGoto: false, protocol: 'udp' },
      { target: 'fail2ban-a', isGoto: false, protocol: 'tcp', ports: '22' },
      { target: 'fail2ban-a', isGoto: true, protocol: 'tcp', ports: '22,80:90', isMultiport: true },
    ].map(jumpWords),
    [
      '-j fail2ban-a',
      '-g fail2ban-a',
      '-p udp -j fail2ban-a',
      '-p tcp -m tcp --dport 22 -j fail2ban-a',
      '-p tcp -m multiport --dports 22,80:90 -g fail2ban-a',
    ],
  );
});

jumping.run();
