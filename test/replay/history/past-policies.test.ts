import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTrial } from '../../../src/policy/trial.ts';
import { readCommitLine } from '../../../src/replay/history/commit-line.ts';
import { readPastPolicies } from '../../../src/replay/history/past-policies.ts';
import { MadeUpHistory } from '../made-up-history.ts';

const test = suite('replay/past-policies');

const START = Date.UTC(2026, 10, 1);
const at = (second: number): number => START + second * 1000;
const denying = (...nets: readonly string[]): string =>
  `deny: [${nets.map((net) => `{ net: ${net} }`).join(', ')}]\n`;

/** `0: 10.0.0.0/8`: from which second on what is denied. */
async function found(
  history: MadeUpHistory,
): Promise<{ readonly told: readonly string[]; readonly passedOver: number }> {
  await history.write();
  const { policies, passedOver } = await readPastPolicies(
    history.read,
    await readCommitLine(history.read, START - 1),
  );
  const told = policies.map(({ from, policy }) => {
    return `${(from - START) / 1000}: ${policy.deny.map(({ net }) => net.text).join(' ')}`;
  });
  return { told, passedOver };
}

test('are those that were committed, each from then on', async () => {
  const history = new MadeUpHistory();
  history.commit(at(0), { 'policy.yaml': denying('10.0.0.0/8') });
  history.commit(at(10), { 'policy.yaml': denying('10.0.0.0/8'), 'claims/ipv4/1.yaml': '[]\n' });
  history.commit(at(20), { 'policy.yaml': denying('10.0.0.0/8', '192.0.2.0/24') });
  history.commit(at(30), { 'claims/ipv4/1.yaml': '[]\n' });

  assert.equal(await found(history), {
    told: ['0: 10.0.0.0/8', '20: 10.0.0.0/8 192.0.2.0/24', '30: '],
    passedOver: 0,
  });
});

test('go on through damaged ones, which are counted', async () => {
  const history = new MadeUpHistory();
  history.commit(at(0), { 'policy.yaml': denying('10.0.0.0/8') });
  history.commit(at(10), { 'policy.yaml': 'deny: [ { nett: 10.0.0.0/8 } ]\n' });
  history.commit(at(20), { 'policy.yaml': '{}\n' });

  assert.equal(await found(history), { told: ['0: 10.0.0.0/8', '10: 10.0.0.0/8', '20: '], passedOver: 1 });
});

test('are one that was tried until its time was over, or somebody took it back', async () => {
  const history = new MadeUpHistory();
  const trial = formatTrial({ until: at(60), text: denying('192.0.2.0/24') });
  const own = { 'policy.yaml': denying('10.0.0.0/8') };
  history.commit(at(0), own);
  history.commit(at(10), { ...own, 'policy.trial.yaml': trial });
  history.commit(at(20), own);
  history.commit(at(30), { ...own, 'policy.trial.yaml': trial });
  history.commit(at(70), own);

  assert.equal((await found(history)).told, [
    ...['0: 10.0.0.0/8', '10: 192.0.2.0/24', '20: 10.0.0.0/8'],
    ...['30: 192.0.2.0/24', '60: 10.0.0.0/8', '70: 10.0.0.0/8'],
  ]);
});

test.run();
