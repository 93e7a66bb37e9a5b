import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factOfChange, factOfNotice } from '../../src/notify/fact.ts';
import { DAY, HOUR, MINUTE, NOON, SECOND } from '../support/messenger.ts';

const test = suite('a fact');

function titleOf(
  topic: 'converged' | 'condition' | 'silent',
  what: string,
  { since, over, times = 1 }: { since: number; over: number | null; times?: number },
): string {
  const alarm = { key: 'x', topic, what, reason: 'Reason', lines: [], weight: 0 };
  return factOfChange({ alarm, since, over, times, isWorse: false }, NOON).title;
}

test('says since when it is wrong, and how long it was', () => {
  const [began, over] = [
    { since: NOON - 125 * SECOND, over: null },
    { since: NOON - 2 * DAY - 3 * HOUR - 25 * MINUTE, over: NOON },
  ];

  assert.is(titleOf('converged', 'Converged', began), 'not converged for 2 min');
  assert.is(titleOf('converged', 'ControllerRunning', began), 'the controller is not running for 2 min');
  assert.is(titleOf('condition', 'PeersHeard', began), 'PeersHeard is false (Reason)');
  assert.is(titleOf('silent', 'web1', { ...began, times: 3 }), 'server web1 is silent, 3 times');
  assert.is(titleOf('converged', 'Converged', over), 'converged again after 2 d 3 h');
  assert.is(titleOf('converged', 'ControllerRunning', over), 'the controller is running again after 2 d 3 h');
  assert.is(titleOf('condition', 'PeersHeard', over), 'PeersHeard is true again after 2 d 3 h');
  assert.is(titleOf('silent', 'web1', over), 'server web1 is heard again');
});

test('counts what has no end', () => {
  const notice = { first: NOON, last: NOON + MINUTE, lines: [] };
  const title = (
    topic: 'drift' | 'refused' | 'policy' | 'ban',
    count: number,
    what = 'web1 (too-wide)',
  ): string => factOfNotice({ ...notice, topic, what, count }).title;

  assert.is(title('refused', 1), '1 file of web1 (too-wide) refused');
  assert.is(title('refused', 3_387, 'others'), '3,387 more files refused');
  assert.is(title('drift', 2, 'nft'), 'drift: 2 changes by nft undone');
  assert.is(title('drift', 12, 'others'), 'drift: 12 more changes undone');
  assert.is(title('ban', 2_000), '2,000 bans');
  assert.is(title('policy', 2), 'policy.yaml: 2 changes of bans');
});

test.run();
