import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planJumps } from '../../../../src/firewall/iptables/plan/plan-jumps.ts';
import { jumpRule } from '../../../../src/firewall/iptables/rules/rule.ts';
import { carryOut, observedRules, textsOf } from '../../../support/rules.ts';

const planning = suite('jumps');

const JUMPS = ['a', 'b', 'c'].map((name) => jumpRule({ chain: `fail2ban-${name}`, protocol: 'tcp' }));
const STRAY = ['-g fail2ban-a', '-i eth0 -j fail2ban-b', '-j fail2ban-old'];
const FOREIGN = ['-i lo -j ACCEPT', '-j DROP'];

planning('end at the top, in order, each once, whatever stands there, and no other rule moves', () => {
  const anyRules = fc.array(fc.constantFrom(...textsOf(JUMPS), ...STRAY, ...FOREIGN), { maxLength: 8 });

  fc.assert(
    fc.property(anyRules, fc.subarray(JUMPS), (rules, jumps) => {
      const changes = planJumps('INPUT', observedRules('INPUT', rules), jumps);

      assert.equal(carryOut(rules, changes), [
        ...textsOf(jumps),
        ...rules.filter((rule) => FOREIGN.includes(rule)),
      ]);
    }),
  );
});

planning('are left alone where they are right, also as iptables spells them otherwise', () => {
  const ssh = jumpRule({ chain: 'fail2ban-a', protocol: 'tcp', ports: [[22, 22]] });
  const rules = observedRules('INPUT', ['-p tcp -m tcp --dport 22 -j fail2ban-a', ...FOREIGN]);

  assert.equal(planJumps('INPUT', rules, [ssh]), []);
});

planning.run();
