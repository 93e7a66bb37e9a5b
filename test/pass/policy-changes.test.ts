import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PolicyInForce } from '../../src/ledger/policy-in-force.ts';
import { findPolicyChanges } from '../../src/pass/policy-changes.ts';
import { EMPTY_POLICY, readPolicy, type Policy } from '../../src/policy/policy.ts';
import { ban, heard, millis } from '../claims/said.ts';

const changing = suite('what an edit of the policy changes');

const STATE = heard(5, ban(0, 600));

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

async function linesOf(before: Policy, policy: Policy): Promise<readonly string[]> {
  const inForce: unknown = { exchangeTold: () => Promise.resolve(before) };
  const circumstances = { policy, ownAddresses: [], now: millis(5) };
  return findPolicyChanges(inForce as PolicyInForce, { ...circumstances, state: STATE });
}

changing('are nets that it denies, and claims that it ends', async () => {
  const lines = await linesOf(
    EMPTY_POLICY,
    policyOf('allow: [{ net: 203.0.113.7 }]\ndeny: [{ net: 192.0.2.0/24 }]\n'),
  );

  assert.is(lines.length, 2);
  assert.match(lines[0] ?? '', 'policy: deny 192.0.2.0/24');
  assert.match(lines[1] ?? '', 'policy: end 203.0.113.7 in sshd by web1');
});

changing('are nothing where it is the same, and a hundred lines at the most', async () => {
  const nets = Array.from({ length: 103 }, (_, index) => `  - { net: 192.0.2.${index} }\n`).join('');
  const long = policyOf(`deny:\n${nets}`);

  const lines = await linesOf(EMPTY_POLICY, long);

  assert.equal(await linesOf(long, long), []);
  assert.equal([lines.length, lines[100]], [101, 'policy: and 3 more changes of that kind']);
});

changing.run();
