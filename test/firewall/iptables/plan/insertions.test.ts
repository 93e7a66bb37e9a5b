import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { insertions } from '../../../../src/firewall/iptables/plan/insertions.ts';
import { jumpRule } from '../../../../src/firewall/iptables/rules/rule.ts';
import { carryOut, textsOf } from '../../../support/rules.ts';

const inserting = suite('insertions');

const CHAIN = 'fail2ban-x';

inserting(
  'put each missing rule ahead of all that rank as high or higher, and move none of the others',
  () => {
    const ranked = fc.record({ rank: fc.nat({ max: 4 }), isKept: fc.boolean() });

    fc.assert(
      fc.property(fc.array(ranked, { maxLength: 12 }), (all) => {
        const rules = all.map((each, index) => ({ ...each, rule: jumpRule({ chain: `fail2ban-${index}` }) }));
        const kept = rules.filter(({ isKept }) => isKept).sort((one, other) => one.rank - other.rank);
        const missing = rules.filter(({ isKept }) => !isKept);
        const byText = new Map(rules.map((each) => [each.rule.text, each]));

        const changes = insertions(CHAIN, {
          kept: kept.map(({ rule }) => rule),
          missing: missing.map(({ rule }) => rule),
          rankOf: ({ text }) => byText.get(text)?.rank,
        });

        const after = carryOut(textsOf(kept.map(({ rule }) => rule)), changes);
        // Of one rank those that came stand ahead of those that stayed.
        const keys = after.map((text) => {
          const { rank = NaN, isKept = false } = byText.get(text) ?? {};
          return rank * 2 + (isKept ? 1 : 0);
        });
        assert.is(after.length, rules.length);
        assert.equal(
          keys,
          keys.toSorted((one, other) => one - other),
        );
        assert.equal(
          after.filter((text) => byText.get(text)?.isKept),
          textsOf(kept.map(({ rule }) => rule)),
        );
      }),
    );
  },
);

inserting.run();
