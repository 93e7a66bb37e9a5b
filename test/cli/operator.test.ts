/** What `ban` and `unban` tell an operator of what became of his word. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { banText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped, untilDropped } from '../support/until-dropped.ts';

const test = suite('an operator');

const ATTACKER = '198.51.100.7';

test('who waits for a shorter ban of what is banned for longer is told that the longer one stays', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  const first = await sandbox.cli('ban', ATTACKER, '--wait');
  const second = await sandbox.cli('ban', ATTACKER, '--for', '1h', '--wait');
  const listed = await sandbox.cli('list');

  assert.equal(
    [first, second],
    [
      { code: 0, stdout: '', stderr: `banspool: ${ATTACKER} is banned until unbanned\n` },
      {
        code: 0,
        stdout: '',
        stderr: `banspool: ${ATTACKER} stays banned until unbanned: an earlier ban of it lasts longer\n`,
      },
    ],
  );
  assert.match(listed.stdout, 'until unbanned');
});

test('who waits for a forced ban that the policy lets through is told why it is not dropped', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  await sandbox.startController();

  const { code, stderr } = await sandbox.cli('ban', '192.0.2.9', '--force', '--wait');

  assert.is(code, 0);
  assert.is(
    stderr,
    'banspool: 192.0.2.9 is claimed, and not dropped: inside 192.0.2.0/24, which is allowed: policy.yaml line 2 (office)\n',
  );
});

test('who waits for an unban is told whether anything claimed the address', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  await untilDropped(ATTACKER);

  const otherJail = await sandbox.cli('unban', ATTACKER, '--jail', 'nginx', '--wait');
  const claimed = await sandbox.cli('unban', ATTACKER, '--wait');
  const unclaimed = await sandbox.cli('unban', '192.0.2.77', '--wait');

  assert.is(otherJail.code, 1);
  assert.match(
    otherJail.stderr,
    /^banspool: warning: no server has a jail "nginx": there are sshd, manual\nbanspool: nothing claimed 198\.51\.100\.7 in nginx\nbanspool: warning: 198\.51\.100\.7 is still dropped in sshd: web1 claims it until .*\nbanspool: hint: banspool unban 198\.51\.100\.7 lifts what every server claims in every jail\n$/,
  );
  assert.equal(claimed, {
    code: 0,
    stdout: '',
    stderr: `banspool: every claim on ${ATTACKER} is lifted\n`,
  });
  assert.equal(unclaimed, {
    code: 1,
    stdout: '',
    stderr:
      'banspool: nothing claimed 192.0.2.77\nbanspool: hint: banspool why 192.0.2.77 tells what touches it; banspool list what is banned\n',
  });
});

test('who lifts the ban of a server whose clock is ahead has it lifted, and may ban anew at once', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER, { time: Date.now() / 1000 + 120 }));
  await untilDropped(ATTACKER);

  const unban = await sandbox.cli('unban', ATTACKER, '--wait');
  const afterUnban = await isDropped(ATTACKER);
  const ban = await sandbox.cli('ban', ATTACKER, '--for', '1h', '--jail', 'sshd', '--wait');

  assert.is(unban.stderr, `banspool: every claim on ${ATTACKER} is lifted\n`);
  assert.not(afterUnban);
  assert.match(ban.stderr, `banspool: ${ATTACKER} is banned until`);
  assert.ok(await isDropped(ATTACKER));
});

test('who looks late at what became of his word is told as soon as he looks', async () => {
  await using sandbox = await Sandbox.open();
  await using operator = new Child(sandbox.command('unban', '192.0.2.77', '--wait'));
  await eventually(() => {
    assert.ok(
      sandbox.waiting().some((name) => name.endsWith('.yaml')),
      operator.stderr,
    );
  });
  operator.process.kill('SIGSTOP');

  await sandbox.startController();
  await eventually(() => {
    assert.ok(Date.now() - Date.parse(sandbox.status().updatedAt) > 500);
  });
  operator.process.kill('SIGCONT');

  assert.is(await operator.ended, 1);
  assert.match(
    operator.stderr,
    /^banspool: warning: nobody makes a pass: .*\nbanspool: nothing claimed 192\.0\.2\.77\n/,
  );
});

test('who bans what is never dropped is told one thing, and nothing is written', async () => {
  await using sandbox = await Sandbox.open({ config: { families: '[ipv4]' } });
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  const parts: readonly (readonly [address: string, words: readonly string[], reason: string])[] = [
    ['127.0.0.1', ['--confirm', '2m'], 'it is inside 127.0.0.0/8, which is loopback'],
    ['127.0.0.0/8', ['--force'], 'it is loopback'],
    ['::ffff:127.0.0.1', ['--wait'], 'it is inside 127.0.0.0/8, which is loopback'],
    ['192.0.2.0/24', [], 'it is allowed by policy.yaml line 2 (office)'],
    [
      '192.0.2.9/25',
      ['--wait'],
      'it is inside 192.0.2.0/24, which is allowed by policy.yaml line 2 (office)',
    ],
    ['2001:db8::7', [], 'families in the config does not name ipv6'],
  ];

  for (const [address, words, reason] of parts) {
    const { code, stdout, stderr } = await sandbox.cli('ban', address, ...words);

    assert.equal([code, stdout], [1, ''], address);
    const [error = '', hint = '', ...others] = stderr.trimEnd().split('\n');
    assert.is(error, `banspool: error: "${address}" would not be dropped: ${reason}`);
    assert.match(hint, /^banspool: hint: (nothing was written|take that line out of )/);
    assert.equal(others, []);
  }
  assert.equal(sandbox.waiting(), []);
});

test('who bans an address of the firewall itself is told so, also with --force, and nothing is written', async () => {
  await using sandbox = await Sandbox.open();
  const own = ['198.51.100.1', '2001:db8::1'];
  for (const address of own) await outputOf(['ip', 'address', 'add', address, 'dev', 'lo']);
  try {
    // A host's own form and mask are the same address.
    for (const address of [...own, '198.51.100.1/32', '::ffff:198.51.100.1', '2001:DB8:0::1/128'])
      for (const words of [['--force'], ['--confirm', '2m', '--wait']]) {
        const { code, stdout, stderr } = await sandbox.cli('ban', address, ...words);

        assert.equal([code, stdout], [1, ''], `${address} ${words.join(' ')}`);
        assert.match(
          stderr,
          /^banspool: error: "\S+" would not be dropped: it (is inside \S+, which )?is the firewall's own address\nbanspool: hint: nothing was written: no rule of ours ever drops it\n$/,
        );
      }
    assert.equal(sandbox.waiting(), []);
  } finally {
    for (const address of own) await outputOf(['ip', 'address', 'delete', address, 'dev', 'lo']);
  }
});

/** The words after the command, and what the answer says. */
const BOUND_TO_BE_REFUSED: readonly (readonly [words: readonly string[], error: string])[] = [
  [['ban', '0.0.0.0'], `"0.0.0.0" cannot be banned: ip: "0.0.0.0" is no host's address`],
  [['ban', '::'], `"::" cannot be banned: ip: "::" is no host's address`],
  [['unban', '::'], `"::" cannot be unbanned: ip: "::" is no host's address`],
  [['ban', '0.0.0.0/0'], '"0.0.0.0/0" cannot be banned: ip: 0.0.0.0/0 is wider than /8, the limit of local'],
  [
    ['ban', '11.2.3.4/7'],
    '"11.2.3.4/7" cannot be banned: ip: 10.0.0.0/7 is wider than /8, the limit of local',
  ],
  [
    ['ban', ATTACKER, '--jail', 'sshd'],
    `"${ATTACKER}" cannot be banned: jail: policy.yaml lets local claim only for manual, not for "sshd"`,
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
    '--for: "3M" may be months or minutes: write "3mo" or "3m"\nbanspool: hint: such as 600 (seconds)',
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

test('may ban for as long as an intent can say', async () => {
  await using sandbox = await Sandbox.open();

  const banned = await sandbox.cli('ban', ATTACKER, '--for', '1157407d');
  const pass = await sandbox.cli('reconcile');
  const listed = await sandbox.cli('list');

  assert.equal([banned.code, pass.code], [0, 0], banned.stderr + pass.stderr);
  assert.match(listed.stdout, / 5\d{3}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n$/);
});

test.run();
