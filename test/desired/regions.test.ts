import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { conclude, explain, type Conclusion, type Grounds } from '../../src/desired/conclude.ts';
import { regionsOf } from '../../src/desired/regions.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { EMPTY_STATE, shardOf, type Regions } from '../../src/claims/state.ts';
import { ban, heard, millis, then, unban } from '../claims/said.ts';
import { shardFrom } from '../sources/address-list.ts';

const joining = suite('regions of several sources');

/** Of one address a region. */
function giving(...addresses: readonly string[]): Regions {
  return new Map(addresses.map((text) => [shardOf(netOf(text)), shardFrom([netOf(text)], millis(0))]));
}

const at = (seconds: number, ...given: readonly Regions[]): Grounds => ({
  ...{ policy: EMPTY_POLICY, ownAddresses: [], now: millis(seconds), given },
});

const membersOf = ({ portions }: Conclusion, region: string): readonly string[] =>
  Array.from(portions.ipv4.get(region)?.values() ?? []).flatMap(({ members }) => [...members.keys()]);

joining('a region of one source alone is judged with it, and one of two once for both', () => {
  const state = heard(1, ban(0, 60));

  const { bans, claims, portions, ...conclusion } = conclude(
    state,
    at(2, giving('203.0.113.9'), giving('203.0.113.9', '198.51.100.9')),
  );

  assert.equal([bans, claims, portions.ipv4.size], [3, 4, 2]);
  assert.equal(membersOf({ bans, claims, portions, ...conclusion }, 'ipv4/203'), [
    '203.0.113.7',
    '203.0.113.9',
  ]);
});

joining('only the region that a source changed is concluded anew, and nothing is copied', () => {
  const state = heard(1, ban(0, 60));
  const [one, other] = [giving('203.0.113.9', '198.51.100.9'), giving('203.0.113.9')];
  const before = conclude(state, at(2, one));
  const changed = new Map([...one, ...other]);

  const after = conclude(state, at(3, changed), { before });

  assert.is(after.regions.get('ipv4/198'), before.regions.get('ipv4/198'));
  assert.is.not(after.regions.get('ipv4/203'), before.regions.get('ipv4/203'));
  const [[, region] = ['', { own: undefined, given: [] }]] = [...regionsOf(state, [changed])];
  assert.is(region.own, state.shards.get('ipv4/203'));
  assert.is(region.given[0], changed.get('ipv4/203'));
});

joining('what an operator lifted is lifted in the ledger, and in no other source', () => {
  const lifting = unban(2, { server: 'local', jail: '*' });
  const state = then(heard(1, ban(0, 60)), 2, lifting);

  const { judgement } = explain(state, at(3, giving('203.0.113.7')));

  assert.equal(
    judgement.enforced.map(({ server }) => server),
    ['blocklist'],
  );
});

joining('whatever sources give and take back, it is what a fresh look concludes', () => {
  const address = fc.constantFrom('203.0.113.7', '203.0.113.9', '198.51.100.9', '2001:db8::9');
  const steps = fc.array(fc.record({ said: fc.option(address), given: fc.uniqueArray(address) }), {
    minLength: 2,
    maxLength: 6,
  });
  const answerOf = ({ portions, bans, claims, nextChange }: Conclusion): unknown => [
    ...[portions, bans, claims, nextChange],
  ];
  fc.assert(
    fc.property(steps, (all) => {
      let state = EMPTY_STATE;
      let before: Conclusion | undefined;
      for (const [index, { said, given }] of all.entries()) {
        if (said !== null) state = then(state, index, ban(index, 3, { ip: said }));
        const grounds = at(index, giving(...given));
        before = conclude(state, grounds, { before });
        assert.equal(answerOf(before), answerOf(conclude(state, grounds)));
        assert.equal(answerOf(before), answerOf(explain(state, grounds).conclude()));
      }
    }),
  );
});

joining.run();
