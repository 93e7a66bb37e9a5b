import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedRule } from '../../src/observed/observe.ts';
import { planNativeJumps } from '../../src/plan/plan-native-jumps.ts';

const planning = suite('jumps among native rules');

const JUMPS = ['-j fail2ban-a', '-j fail2ban-b', '-j fail2ban-c'];

/** What stands in a hook: jumps of ours, that are wanted or not, and native rules. */
const anyRules = fc
  .array(fc.constantFrom('foreign', '-j fail2ban-old', ...JUMPS), { maxLength: 8 })
  .map((texts) =>
    texts.map((text, index): ObservedRule => {
      if (text === 'foreign') return { kind: 'foreign' };
      return { kind: 'ours', text, printed: text, packets: 0, bytes: 0, handle: index + 1 };
    }),
  );

planning('end at the top, in order, each once, and at no moment fewer of them stand there', () => {
  fc.assert(
    fc.property(anyRules, fc.subarray(JUMPS), (rules, jumps) => {
      const { inserts, deletes } = planNativeJumps({ family: 'ipv4', chain: 'INPUT', rules }, jumps);
      const list = rules.map((rule) =>
        rule.kind === 'foreign' ? 'foreign' : `${rule.text} # ${rule.handle ?? 0}`,
      );

      for (const change of inserts) if (change.kind === 'insert') list.splice(change.at - 1, 0, change.rule);
      const above = list.slice(0, list.includes('foreign') ? list.indexOf('foreign') : undefined);
      for (const jump of jumps) assert.ok(above.some((text) => text.startsWith(jump)));
      const gone = new Set(deletes.map(({ handle }) => ` # ${handle}`));
      const left = list
        .filter((text) => !gone.has(/ # \d+$/.exec(text)?.[0] ?? ''))
        .map((text) => text.replace(/ # \d+$/, ''));

      assert.equal(left, [...jumps, ...rules.flatMap(({ kind }) => (kind === 'foreign' ? ['foreign'] : []))]);
    }),
  );
});

planning('are left alone where they are right', () => {
  const rules = JUMPS.map((text, index): ObservedRule => ({
    kind: 'ours',
    text,
    printed: text,
    packets: 0,
    bytes: 0,
    handle: index,
  }));

  const planned = planNativeJumps(
    { family: 'ipv4', chain: 'INPUT', rules: [...rules, { kind: 'foreign' }] },
    JUMPS,
  );

  assert.equal(planned, { inserts: [], deletes: [] });
});

planning.run();
