import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Converged } from '../../src/firewall/converge.ts';
import { familyProblems, heldSetsWords } from '../../src/firewall/problems.ts';

const test = suite('problems of a family');

const WELL = { remaining: [], missingHooks: [], heldSets: [], noise: [] } as const;

function problems(found: Partial<Pick<Converged, keyof typeof WELL>>): readonly string[] {
  const enforced = { ...WELL, ...found } as unknown as Converged;
  return familyProblems('ipv4', enforced).map(({ condition, reason }) => `${condition} ${reason}`);
}

test('are none where all is well, and one for each thing that is not', () => {
  assert.equal(problems({}), []);
  assert.equal(problems({ missingHooks: ['A', 'B'] }), [
    'HooksPresent HookMissing',
    'HooksPresent HookMissing',
  ]);
  assert.equal(problems({ remaining: [{ kind: 'remove', chain: 'fail2ban-x' }] }), ['Converged Contended']);
  assert.equal(problems({ heldSets: ['fail2ban-x', 'fail2ban-y'] }), ['SetsUsable InUse']);
  assert.equal(problems({ noise: ['x', 'y'] }), ['FirewallReadable Noise']);
});

test('name sets that are held up to five, and count the others', () => {
  const words = (count: number): string =>
    heldSetsWords(
      'ipv6',
      Array.from({ length: count }, (_, index) => `s${index}`),
    ).what;

  assert.match(words(1), /^ipv6: cannot remove the unused set s0, /);
  assert.match(words(5), /^ipv6: cannot remove the unused sets s0, s1, s2, s3, s4, /);
  assert.match(words(7), /^ipv6: cannot remove the unused sets s0, s1, s2, s3, s4 and 2 more, /);
});

test.run();
