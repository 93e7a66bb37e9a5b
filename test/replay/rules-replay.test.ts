import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Claim } from '../../src/claims/claim.ts';
import { netOf } from '../../src/domain/net.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { lengthOfRules, RulesReplay } from '../../src/replay/rules-replay.ts';
import { rules } from '../escalation/rules.ts';

const test = suite('replay/rules-replay');

const START = Date.UTC(2026, 10, 1);
const HOUR = 3_600_000;
const at = (hour: number): number => START + hour * HOUR;

const TWO = rules('name: two, servers: 2, within: 1h, ban: 10h');
const AGAIN = rules('name: again, bans: 2, within: 9h, ban: 10h');

function ban(server: string, from: number, to: number): Claim {
  const since = at(from);
  const named = { ip: netOf('203.0.113.7'), server, jail: 'sshd' };
  return { ...named, bans: [{ heard: since, since, until: at(to) }], details: { said: since, failures: 3 } };
}

/** That matters for an hour. */
const tombstone = (server: string, jail: string, hour: number): Claim => ({
  ...{ ip: netOf('203.0.113.7'), server, jail, bans: [], unbanned: at(hour), forget: at(hour + 1) },
});

type Change = readonly [hour: number, before: Claim | undefined, after: Claim | undefined];

/** What the rules ban: `two 2-12`, in hours. */
function banned(policy: typeof TWO, ...changes: readonly Change[]): readonly string[] {
  const found: string[] = [];
  const replay = new RulesReplay(
    policy,
    ({ live, from, to }) => void found.push(`${live.jail} ${(from - START) / HOUR}-${(to - START) / HOUR}`),
  );
  for (const [hour, before, after] of changes) {
    replay.change(before, after, at(hour));
    replay.endCommit(at(hour));
  }
  replay.finish(at(50));
  return found;
}

test('ban from the commit in which a rule is met until their own end', () => {
  const [one, other] = [ban('web1', 1, 2), ban('web2', 1.5, 3)];

  assert.equal(banned(TWO, [1, undefined, one], [1.5, undefined, other], [2, one, undefined]), [
    'two 1.5-11.5',
  ]);
  assert.equal(banned(TWO, [1, undefined, one], [3, undefined, ban('web2', 3, 4)]), []);
});

test('count an unban of the server as the end of a ban', () => {
  const first = ban('web1', 1, 9);
  const unbanned = tombstone('web1', 'sshd', 2);

  assert.equal(
    banned(
      AGAIN,
      [1, undefined, first],
      [2, first, unbanned],
      [3, unbanned, { ...unbanned, ...ban('web1', 3, 9) }],
    ),
    ['again 3-13'],
  );
  assert.equal(
    banned(AGAIN, [1, undefined, first], [2, first, undefined], [3, undefined, ban('web1', 3, 9)]),
    [],
  );
});

test('are lifted by an operator, who has them count anew, though his lift is no longer in git', () => {
  const lift = tombstone('local', '*', 4);
  const met: readonly Change[] = [
    [1, undefined, ban('web1', 1, 2)],
    [1.5, undefined, ban('web2', 1.5, 3)],
  ];

  assert.equal(
    banned(TWO, ...met, [4, undefined, lift], [6, lift, undefined], [7, undefined, ban('mail', 7, 8)]),
    ['two 1.5-4'],
  );
});

test('look back for as long as they count and ban', () => {
  assert.is(lengthOfRules(EMPTY_POLICY), 0);
  assert.is(lengthOfRules(TWO), (1 + 24 + 10) * HOUR);
  assert.is(lengthOfRules(rules('name: two, servers: 2, within: 1h, ban: never')), 366 * 24 * HOUR);
});

test.run();
