import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BATCH, planImport } from '../../../src/cli/import/plan-import.ts';
import type { WantedBan } from '../../../src/cli/import/read-banned.ts';
import { fold } from '../../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../../src/claims/state.ts';
import { netOf } from '../../../src/domain/net.ts';
import { formatIntent } from '../../../src/intent/format.ts';
import { parseIntent } from '../../../src/intent/parse.ts';
import { EMPTY_POLICY } from '../../../src/policy/policy.ts';
import { NO_SERVICES } from '../../../src/domain/services.ts';
import { policyOf } from '../text/judged.ts';

const test = suite('an import');

const NOW = 1_795_330_538_000;
const options = { jail: 'imported', note: undefined, now: NOW, state: EMPTY_STATE, policy: EMPTY_POLICY };
const bans = (count: number, until = NOW + 60_000): readonly WantedBan[] =>
  Array.from({ length: count }, (_, index) => ({
    ip: netOf(`10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`),
    until,
    isTold: false,
  }));

function taken(state: State, planned: ReturnType<typeof planImport>, now = NOW): State {
  return fold(
    state,
    planned.batches.map((intent) => ({ server: 'local', intent })),
    now,
  );
}

test('of many bans is several files, each of which is read back and far below the limits', () => {
  const { batches, count } = planImport(bans(BATCH + 1), { ...options, note: 'by "csf"' });

  assert.equal([count, batches.map((batch) => batch.bans.length)], [BATCH + 1, [BATCH, 1]]);
  for (const batch of batches) {
    const text = Buffer.from(formatIntent(batch));
    assert.ok(text.length < 1_000_000);
    assert.equal(parseIntent(text, { services: NO_SERVICES, operator: true }), {
      ...{ kind: 'intent', intent: batch, warnings: [] },
    });
  }
});

test('that comes twice says nothing the second time, and one that lasts longer says it', () => {
  const state = taken(EMPTY_STATE, planImport(bans(2), options));
  const later = { ...options, state, now: NOW + 1000 };

  const again = planImport(bans(3, NOW + 61_000), later);
  const longer = planImport(bans(2, NOW + 62_000), later);
  const told = planImport(
    bans(2).map((ban) => ({ ...ban, isTold: true })),
    later,
  );

  assert.equal([again.count, again.known, longer.count, told.count], [1, 2, 2, 0]);
});

test('comes after an unban of the operator, whose clock may be ahead', () => {
  const unban = { intent: 'unban', jail: '*', ip: netOf('10.0.0.0'), time: NOW + 5000 } as const;
  const banned = planImport(bans(1), options);
  const state = fold(taken(EMPTY_STATE, banned), [{ server: 'local', intent: unban }], NOW);

  const after = taken(state, planImport(bans(1), { ...options, state }), NOW);

  assert.is(
    [...after.shards.values()].flatMap(({ claims }) => [...claims.values()]).filter((c) => c.bans.length)
      .length,
    1,
  );
});

test('of more than the policy lets the operator ban is refused before anything is written', () => {
  const policy = policyOf('limits: { servers: { local: { claims: 2 } } }');

  assert.throws(
    () => planImport(bans(3), { ...options, policy }),
    /local would have 3 claims; its limit is 2/,
  );
});

test.run();
