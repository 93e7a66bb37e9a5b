/** What the next pass would refuse is refused at the command line. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('an operator');

const ATTACKER = '198.51.100.7';

/** The words after the command, and what the answer says. */
const BOUND_TO_BE_REFUSED: readonly (readonly [words: readonly string[], error: string])[] = [
  [['ban', '0.0.0.0'], `"0.0.0.0" cannot be banned: ip: "0.0.0.0" is the unspecified address`],
  [['ban', '::'], `"::" cannot be banned: ip: "::" is the unspecified address`],
  [['unban', '::'], `"::" cannot be unbanned: ip: "::" is the unspecified address`],
  [['ban', '0.0.0.0/0'], '"0.0.0.0/0" cannot be banned: ip: 0.0.0.0/0 is wider than /8, the limit of local'],
  [
    ['ban', '11.2.3.4/7'],
    '"11.2.3.4/7" cannot be banned: ip: 10.0.0.0/7 is wider than /8, the limit of local',
  ],
  [
    ['ban', ATTACKER, '--jail', 'sshd'],
    `"${ATTACKER}" cannot be banned: jail: policy.yaml allows local only manual, not "sshd"`,
  ],
  [['ban', ATTACKER, '--reason', 'r'.repeat(5_000)], '--reason: "rrrr'],
  [['ban', ATTACKER, '--reason', 'r'.repeat(9_000)], '--reason: "rrrr'],
  [
    ['ban', ATTACKER, '--reason', 'x\x7f'],
    `"${ATTACKER}" cannot be banned: the control character 0x7f in line`,
  ],
  [['ban', ATTACKER, '--for', '99999999999d'], '--for: "99999999999d" is too long'],
  [['ban', ATTACKER, '--for', '0.0000001'], '--for: "0.0000001" is not a time'],
  [
    ['ban', ATTACKER, '--for', '3M'],
    '--for: "3M" may be months or minutes: write "3mo" or "3m"\nbanspool: hint: use a time such as 600 (seconds)',
  ],
  [
    ['ban', ATTACKER, '--confirm', '1d 2M'],
    '--confirm: "1d 2M" may be months or minutes: write "1d 2mo" or "1d 2m"\n',
  ],
  [
    ['policy', 'apply', '/dev/null', '--confirm', '1M'],
    '--confirm: "1M" may be months or minutes: write "1mo" or "1m"\n',
  ],
  [['reconcile', '--lock-wait', '1M'], '--lock-wait: "1M" may be months or minutes: write "1mo" or "1m"\n'],
];

test('who says what the next pass would refuse is told at once, and nothing is written', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('limits: { servers: { local: { jails: [manual], prefix4: 8 } } }\n');

  for (const [words, error] of BOUND_TO_BE_REFUSED) {
    const { code, stdout, stderr } = await sandbox.cli(...words);

    assert.equal([code, stdout], [2, ''], `${words.join(' ')}: ${stderr}`);
    assert.ok(stderr.startsWith(`banspool: error: ${error}`), stderr);
    assert.match(stderr, /\nbanspool: hint: /);
  }
  assert.equal(sandbox.waiting(), []);
});

test.run();
