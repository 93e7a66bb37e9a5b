import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jumpRule, type Rule } from '../../../../src/firewall/iptables/rules/rule.ts';
import type { ObservedRule } from '../../../../src/firewall/iptables/observed/observe.ts';
import { planNativeJumps } from '../../../../src/firewall/iptables/plan/plan-native-jumps.ts';
import { textsOf } from '../../../support/rules.ts';

const planning = suite('jumps among native rules');

const JUMPS = ['a', 'b', 'c'].map((name) => jumpRule({ chain: `fail2ban-${name}` }));

const ours = (rule: Rule, handle: number): ObservedRule => ({
  ...{ kind: 'ours', rule, printed: rule.text },
  ...{ packets: 0, bytes: 0, handle },
});

/** What stands in a hook: jumps of ours, that are wanted or not, and native rules. */
const anyRules = fc
  .array(fc.constantFrom('foreign', jumpRule({ chain: 'fail2ban-old' }), ...JUMPS), { maxLength: 8 })
  .map((rules) =>
    rules.map((rule, index): ObservedRule =>
      rule === 'foreign' ? { kind: 'foreign' } : ours(rule as Rule, index + 1),
    ),
  );

planning('end at the top, in order, each once, and at no moment fewer of them stand there', () => {
  fc.assert(
    fc.property(anyRules, fc.subarray(JUMPS), (rules, jumps) => {
      const { inserts, deletes } = planNativeJumps({ family: 'ipv4', chain: 'INPUT', rules }, jumps);
      const list = rules.map((rule) =>
        rule.kind === 'foreign' ? 'foreign' : `${rule.printed} # ${rule.handle ?? 0}`,
      );

      for (const change of inserts)
        if (change.kind === 'insert') list.splice(change.at - 1, 0, change.rule.text);
      const above = list.slice(0, list.includes('foreign') ? list.indexOf('foreign') : undefined);
      for (const jump of jumps) assert.ok(above.some((text) => text.startsWith(jump.text)));
      const gone = new Set(deletes.map(({ handle }) => ` # ${handle}`));
      const left = list
        .filter((text) => !gone.has(/ # \d+$/.exec(text)?.[0] ?? ''))
        .map((text) => text.replace(/ # \d+$/, ''));

      assert.equal(left, [
        ...textsOf(jumps),
        ...rules.flatMap(({ kind }) => (kind === 'foreign' ? ['foreign'] : [])),
      ]);
    }),
  );
});

planning('are left alone where they are right', () => {
  const rules = JUMPS.map(ours);

  const planned = planNativeJumps(
    { family: 'ipv4', chain: 'INPUT', rules: [...rules, { kind: 'foreign' }] },
    JUMPS,
  );

  assert.equal(planned, { inserts: [], deletes: [] });
});

planning.run();
