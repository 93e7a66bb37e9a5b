import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import type { PassKind } from '../../src/domain/pass-kind.ts';
import { LockoutWatch } from '../../src/pass/lockout-watch.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';

const watch = suite('who is logged in and denied');

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

/** A watch over one person, who may come from elsewhere later. */
function watchOver(person: { address: string }): (kind: PassKind, policy: Policy) => Promise<number> {
  const lockouts = new LockoutWatch({
    findSessions: () => Promise.resolve([{ address: person.address, who: 'ann is logged in' }]),
  });
  return async (kind, policy) => {
    const conclusion = conclude(EMPTY_STATE, { policy, ownAddresses: [], now: 0 });
    return (await lockouts.problems({ kind, policy, conclusion })).length;
  };
}

watch('is looked up by a full pass, and by a quick one where the policy is another', async () => {
  const person = { address: '192.0.2.7' };
  const look = watchOver(person);
  const denying = policyOf('deny:\n  - { net: 192.0.2.0/24 }\n');

  const before = await look('quick', policyOf('{}'));
  const edited = await look('quick', denying);
  person.address = '198.51.100.7';
  const trusted = await look('quick', denying);
  const full = await look('full', denying);

  assert.equal([before, edited, trusted, full], [0, 1, 1, 0]);
});

watch.run();
