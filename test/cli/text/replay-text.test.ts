import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gapsText, replayText } from '../../../src/cli/text/replay-text.ts';
import { UTC } from '../../../src/domain/words.ts';
import { REPLAYED } from './made-replay.ts';

const test = suite('a replay in words');

const OPTIONS = { against: 'old.yaml', zone: UTC, width: Infinity, most: 1 };

test('is the sums, by jail, server and rule, and the addresses that differ', () => {
  assert.equal(replayText(REPLAYED, OPTIONS), [
    '2026-10-30 09:00:00 UTC to 2026-11-29 09:00:00 UTC, 1,200 commits, against old.yaml',
    'banned: 1,228 addresses (-12) for 4,321 h (+120 h)',
    '',
    'JAIL     ADDRESSES  CHANGE  HOURS  CHANGE',
    'sshd         1,188     -12  4,320    +120',
    'postfix         40       0    1.0       0',
    '',
    'SERVER  ADDRESSES  CHANGE  HOURS  CHANGE',
    'web1        1,228     -12  4,321    +120',
    '',
    'RULE                               EFFECT   ADDRESSES  CHANGE  HOURS  CHANGE',
    'escalate seen-by-two               bans             1      +1    122    +122',
    'allow 192.0.2.0/24 (office  [31m)  exempts         14     +14    2.3    +2.3',
    '',
    'would not have been banned: 2 addresses; the 1 with the most hours (--all shows all)',
    'ADDRESS    HOURS  JAILS  SERVERS  WHY',
    '192.0.2.7    2.0  sshd   web1     allow 192.0.2.0/24 (office  [31m)',
    '',
    'would have been banned: 1 address',
    'ADDRESS      HOURS  JAILS        SERVERS     WHY',
    '203.0.113.7    122  seen-by-two  escalation  without jails of web1',
  ]);
});

test('fits a terminal, and obeys nothing of what people wrote', () => {
  const lines = replayText(REPLAYED, { ...OPTIONS, width: 60 }).slice(2);

  for (const line of lines.filter((each) => !each.startsWith('would'))) assert.ok(line.length <= 60, line);
  assert.not.match(lines.join('\n'), '\u001b');
});

test('says what the history does not', () => {
  const gaps = { unreadable: 2, misdated: 1, late: 1, latest: 7_230_000, policies: 1 };

  assert.equal(gapsText(REPLAYED, UTC), []);
  assert.equal(gapsText({ ...REPLAYED, beginsAt: REPLAYED.since, isShallow: true, gaps }, UTC), [
    'the history begins at 2026-10-30 09:00:00 UTC, since it is a shallow clone: nothing before that is replayed',
    '2 lines of the history cannot be read and are left out',
    '1 commit is out of order in time, and taken at the time of the one before',
    '1 ban came up to 2 h 1 min after the beginning: late files, or commits that were joined',
    '1 version of policy.yaml cannot be read; the one before is taken for in force',
  ]);
});

test.run();
