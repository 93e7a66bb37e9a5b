/** A rule that is put into the judging counts for every command, since all of them ask conclude(). */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildWith } from '../support/build-with.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const sunday = suite('a rule that drops nothing on Sundays');

/** What judge-on-sundays.ts has against every ban. */
const SUNDAY = 'longer than the longest ban that policy.yaml allows a Sunday';

const ROOT = join(import.meta.dirname, '../../..');

/** The program, but that who concludes finds another judge. */
const sundayProgram = (sandbox: Sandbox): Promise<string> =>
  buildWith(sandbox, {
    module: /\/judge\.ts$/,
    asImportedIn: 'src/desired',
    instead: join(ROOT, 'test/promises/judge-on-sundays.ts'),
  });

/** A firewall on which a ban and a denied network stood on Saturday. */
async function openOnSunday(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.writePolicy('deny:\n  - { net: 198.51.100.0/24 }\n');
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(worldOf(sandbox));
  sandbox.program = await sundayProgram(sandbox);
  return sandbox;
}

sunday('is known to what only looks: plan, list and why', async () => {
  await using sandbox = await openOnSunday();

  const plan = await sandbox.cli('plan', '--json');
  const list = await sandbox.cli('list', '--json');
  const banned = await sandbox.cli('why', '203.0.113.7');
  const denied = await sandbox.cli('why', '198.51.100.7', '--json');

  const { changes } = JSON.parse(plan.stdout) as {
    changes: { kind: string; removed: { why: { text: string } }[] }[];
  };
  assert.ok(changes.every(({ kind }) => kind === 'delete' || kind === 'remove'));
  assert.ok(changes.some(({ removed }) => removed.some(({ why }) => why.text === SUNDAY)));
  const { bans, ignored } = JSON.parse(list.stdout) as {
    bans: unknown[];
    ignored: { why: { text: string } }[];
  };
  assert.equal([bans, ignored.map(({ why }) => why.text)], [[], [SUNDAY]]);
  assert.match(banned.stdout, 'should no longer be dropped, but is');
  assert.match(banned.stdout, `not enforced: ${SUNDAY}`);
  assert.is((JSON.parse(denied.stdout) as { wanted: string }).wanted, 'passes');
});

sunday('is known to a pass, and to the status that it writes', async () => {
  await using sandbox = await openOnSunday();

  const { code } = await sandbox.cli('reconcile');

  assert.is(code, 0);
  const rules = await iptablesRules();
  assert.equal(
    rules.filter((rule) => rule.includes('DROP')),
    [],
  );
  const { bans, claims, ignored } = sandbox.status();
  assert.equal([bans, claims, ignored], [0, 1, 1]);
});

sunday('is known to who waits for the outcome of a ban, or of an unban', async () => {
  await using sandbox = await openOnSunday();
  await sandbox.startController();

  const ban = await sandbox.cli('ban', '203.0.113.9', '--wait');
  const unban = await sandbox.cli('unban', '198.51.100.7', '--wait');

  assert.match(ban.stderr, `203.0.113.9 is claimed but not dropped: ${SUNDAY}`);
  assert.not.match(unban.stderr, 'policy.yaml line');
});

sunday(
  'is known to who bans and waits for nothing, and to what keeps people that are logged in',
  async () => {
    await using sandbox = await openOnSunday();
    const loggedIn = { env: { ...process.env, SSH_CONNECTION: '192.0.2.7 50000 192.0.2.1 22' } };

    const ban = await runProgram(sandbox.command('ban', '192.0.2.0/28'), loggedIn);

    assert.not.match(ban.stderr, 'drops 192.0.2.7');
    assert.match(ban.stderr, `is in the spool; it drops nothing: ${SUNDAY}`);
    assert.is(ban.code, 0);
  },
);

sunday.run();
