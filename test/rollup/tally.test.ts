/** One way to count passes, and commits. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffStates } from '../../src/claims/diff.ts';
import { Day } from '../../src/rollup/day.ts';
import { dayOf } from '../../src/rollup/hour.ts';
import { tallyCommit, tallySeen, tallyTold } from '../../src/rollup/tally.ts';
import { ban, heard, millis, then, unban } from '../claims/said.ts';
import { passOf } from '../status/pass-of.ts';

const tally = suite('rollup/tally');

const TIME = millis(600);

function drift(line: string): Parameters<typeof tallyTold>[1] {
  const repair = { family: 'ipv4', changes: 1, culprits: [], line } as const;
  return passOf({ finishedAt: TIME, repairs: [repair] });
}

tally('counts new bans and ends, and no ban that was only prolonged', () => {
  const day = new Day(dayOf(TIME));
  const [one, two] = [heard(1, ban(0, 900)), heard(1, ban(0, 900), ban(0, 900, { server: 'web2' }))];
  const steps = [
    [heard(0), one],
    [one, two],
    [two, then(two, 9, ban(8, 9_000))],
    [two, then(two, 9, unban(8))],
  ] as const;

  for (const [before, after] of steps)
    tallyTold(day, passOf({ finishedAt: TIME, claimChanges: diffStates(before, after, millis(9)) }));

  const [hour] = day.hours();
  assert.equal(hour?.bans, [
    { server: 'web1', jail: 'sshd', count: 1 },
    { server: 'web2', jail: 'sshd', count: 1 },
  ]);
  assert.equal([hour?.ended, hour?.refused], [1, null]);
});

tally('counts drift by program, and what nobody tells of by no name', () => {
  const day = new Day(dayOf(TIME));

  tallyTold(
    day,
    drift('drift: iptables (pid 7), my tool (pid 8), iptables (pid 9) removed "-A x" from y; restored'),
  );
  tallyTold(day, drift('drift: another program emptied fail2ban-sshd (2 rules); restored in 3 ms'));
  Array.from(
    tallyCommit(day, {
      ...{ commit: 'c', time: TIME, author: 'a', patch: [] },
      body: ['drift: iptables (pid 7) emptied fail2ban-sshd (114 rules); restored in 33 ms', 'another line'],
    }),
  );

  assert.equal(day.hours()[0]?.drift, [
    { culprit: 'iptables', count: 2 },
    { culprit: 'my tool', count: 1 },
    { culprit: '', count: 1 },
  ]);
});

tally('counts what a controller sees, also in an hour in which there is nothing to see', () => {
  const day = new Day(dayOf(TIME));
  const odd = { name: '1.yaml', refusal: { code: 'odd', what: 'a FIFO' } } as const;

  tallySeen(day, passOf({ finishedAt: TIME }));
  tallySeen(
    day,
    passOf({
      ...{ finishedAt: TIME, enforcedAt: TIME, banArrivals: [TIME - 20, TIME - 60_000] },
      refused: [{ server: 'web1', ...odd }],
    }),
  );

  const [hour] = day.hours();
  assert.equal(hour?.refused, [{ server: 'web1', count: 1 }]);
  assert.equal(hour?.latency, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
});

tally.run();
