import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allClaims, EMPTY_STATE } from '../../src/claims/state.ts';
import { gatherClaims, type Gathered } from '../../src/pass/gather-claims.ts';
import { loadInputs } from '../../src/pass/load-inputs.ts';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import { READ_BUDGET } from '../../src/spool/take-in.ts';
import { ban } from '../claims/said.ts';
import { banText } from '../support/intent-text.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const gathering = suite('claims from everywhere');

/** With one ban that a first start takes over, at that time. */
async function gather(memory: Memory, now: number): Promise<Gathered> {
  const inputs = await loadInputs(memory, { kind: 'full' });
  const { intent } = ban(0, 600, { ip: '203.0.113.9' });
  const sent = [{ server: 'adopted', intent: { ...intent, time: now, until: now + 600_000 } }];
  return gatherClaims(memory, {
    ...{ inputs, begun: { state: EMPTY_STATE, sent }, tools: undefined, budget: READ_BUDGET, kind: 'quick' },
    moment: { now, steady: 10_000 },
  });
}

gathering('are those of the beginning and of the spool, which keeps its files', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));

  const { sent, state, intake } = await gather(freshMemory(worldOf(sandbox)), Date.now());

  assert.equal(Array.from(allClaims(state), ({ server, ip }) => `${server} ${ip.text}`).sort(), [
    'adopted 203.0.113.9',
    'web1 198.51.100.7',
  ]);
  assert.equal([sent.length, intake.sent.length, sandbox.waiting().length], [2, 1, 1]);
});

gathering.run();
