import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import type { PassKind } from '../../src/domain/pass-kind.ts';
import { findOtherProblems } from '../../src/pass/find-other-problems.ts';
import { loadInputs } from '../../src/pass/load-inputs.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Source } from '../../src/sources/source.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('what no step of a pass meets');

test('is told by every pass where a source or the policy is about it, by full ones where it is about foreign rules', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('deny:\n  - { net: 192.0.2.0/24 }\n');
  sandbox.drop('web1', banText('2001:db8::7'));
  await makePass(worldOf(sandbox));
  sandbox.configure({ families: '[ipv4]' });
  const world = worldOf(sandbox, {
    findSessions: () => Promise.resolve([{ address: '192.0.2.7', who: 'ann is logged in' }]),
  });
  const source: Source = {
    problems: () => [{ condition: 'SpoolReadable', reason: 'Forbidden', message: 'a list is closed' }],
  };
  const memory = freshMemory(world, () => [source]);
  const tools = await world.openFirewall();
  const inputs = await loadInputs(memory, { kind: 'full' });
  const conclusion = conclude(inputs.state, { ...inputs, now: world.now() });
  const reasonsIn = async (kind: PassKind): Promise<readonly string[]> =>
    (await findOtherProblems(world, memory, { kind, inputs, conclusion, tools })).map(({ reason }) => reason);

  const [quick, full] = [await reasonsIn('quick'), await reasonsIn('full')];

  assert.equal(quick, ['Forbidden', 'PolicyDenies']);
  assert.equal(full, ['Forbidden', 'PolicyDenies', 'FamilyNotNamed']);
});

test.run();
