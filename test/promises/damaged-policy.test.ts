/** A typo in policy.yaml must not take the way out away. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { isDropped, untilDropped } from '../support/until-dropped.ts';

const test = suite('beside a damaged policy.yaml');

const ATTACKER = '198.51.100.7';
const TYPO = 'allow:\n  - { nett: 192.0.2.0/24 }\n';

/** With a good policy in git, an address that is banned, and then the typo. */
async function openWithTypo(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  sandbox.drop('web1', banText(ATTACKER));
  await sandbox.cli('reconcile');
  writeFileSync(join(sandbox.state, 'policy.yaml'), TYPO);
  return sandbox;
}

test('commands go by the last good one, and warn with the line, the mistake and its mend', async () => {
  await using sandbox = await openWithTypo();

  for (const [words, code, answer] of [
    [['list'], 0, /^198\.51\.100\.7 /m],
    [['why', ATTACKER], 0, /is dropped on 22\/tcp\n/],
    [['why', '192.0.2.9'], 0, /192\.0\.2\.0\/24 is never dropped: policy\.yaml line 2 \(office\)/],
    [['plan'], 0, /nothing to change/],
    [['ban', '198.51.100.9'], 0, /^$/],
    [['unban', ATTACKER], 0, /^$/],
  ] as const) {
    const ran = await sandbox.cli(...words);

    assert.is(ran.code, code, ran.stderr);
    assert.match(ran.stdout, answer);
    assert.match(
      ran.stderr,
      /^banspool: warning: policy\.yaml line 2: net is missing; the last good one, of commit [0-9a-f]{8}, stays in force; fix \S+policy\.yaml, or restore the last good one: git -C \S+ checkout [0-9a-f]{8} -- policy\.yaml\n/,
    );
  }
});

test('a controller that was started since carries the unban out', async () => {
  await using sandbox = await openWithTypo();
  await sandbox.startController();
  await untilDropped(ATTACKER);

  const ran = await sandbox.cli('unban', ATTACKER, '--wait');

  assert.is(ran.code, 0, ran.stderr);
  assert.not(await isDropped(ATTACKER));
});

test('where git gives no good one back either, an answer leaves the policy out and says so', async () => {
  await using sandbox = await openWithTypo();
  writeFileSync(join(sandbox.state, '.git/HEAD'), '');

  const ran = await sandbox.cli('unban', ATTACKER);

  assert.is(ran.code, 0, ran.stderr);
  assert.match(
    ran.stderr,
    /line 2: net is missing; git has no valid version, so this command ignores the policy/,
  );
});

test.run();
