import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import type { PassKind } from '../../src/domain/pass-kind.ts';
import { LockoutWatch } from '../../src/pass/lockout-watch.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import type { World } from '../../src/world/world.ts';

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

/** What a full pass tells of those that `findSessions` finds. */
async function tell(
  findSessions: World['findSessions'],
  policy = policyOf('deny:\n  - { net: 192.0.2.0/24 }\n'),
): Promise<readonly string[]> {
  const conclusion = conclude(EMPTY_STATE, { policy, ownAddresses: [], now: 0 });
  const problems = await new LockoutWatch({ findSessions }).problems({ kind: 'full', policy, conclusion });
  return problems.map(({ message }) => message);
}

const YOU = { address: '192.0.2.7', who: 'you are logged in' };
const ANN = { address: '192.0.2.7', who: 'ann is logged in' };

watch('is told with the line that denies, by the name of a person, for others read it', async () => {
  const told = await tell(() => Promise.resolve([YOU, ANN]));

  assert.equal(told, [
    'policy.yaml line 2 denies 192.0.2.7, from which ann is logged in; fix: remove that line, or allow the address',
  ]);
});

watch('is nobody whom the policy allows all the same, and nobody where no program can tell', async () => {
  const allowing = policyOf('deny: [{ net: 192.0.2.0/24 }]\nallow: [{ net: 192.0.2.7 }]\n');

  assert.equal(await tell(() => Promise.resolve([ANN]), allowing), []);
  assert.equal(await tell(() => Promise.reject(new Error('there is no who'))), []);
});

watch.run();
