/** What root is told to type works on a state of another user’s, and leaves it that user’s. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf, runProgram } from '../support/run-program.ts';
import { NOBODY } from '../support/as-nobody.ts';
import { openOfNobody } from '../support/of-nobody.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('root');

test('reads in the hint how a damaged file is taken back as the owner of the state', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');
  await outputOf(['chown', '-R', 'nobody:', sandbox.folder]);
  const hints: string[] = [];

  for (const file of ['claims/ipv4/198.yaml', 'policy.yaml']) {
    for (const damage of [writeNonsense, rmSync]) {
      damage(join(sandbox.state, file));
      const { code, stderr } = await sandbox.cli('plan');
      // Beside a damaged policy the last good one counts, and plan answers.
      assert.is(code, file === 'policy.yaml' && damage === writeNonsense ? 0 : 4, stderr);
      const [hint = ''] = /runuser -u nobody -- git -C \S+ checkout \w+ -- [^;\n]+/.exec(stderr) ?? [stderr];
      hints.push(hint);
      await outputOf(hint.split(' '));
    }
  }

  const takeBack = `runuser -u nobody -- git -C ${sandbox.state} checkout HEAD --`;
  assert.equal(
    hints.map((hint) => hint.replace(/checkout [0-9a-f]{8} /, 'checkout HEAD ')),
    ['claims/ipv4/198.yaml', 'claims/ipv4/198.yaml', 'policy.yaml', 'policy.yaml'].map(
      (file) => `${takeBack} ${file}`,
    ),
  );
});

test('reads in status what works for root, though the owner of the state wrote it', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openOfNobody();
  const reconcile = asNobody(sandbox.command('reconcile'));
  await outputOf(reconcile);
  const policy = join(sandbox.state, 'policy.yaml');
  const good = readFileSync(policy, 'utf8');
  writeFileSync(policy, '[');
  const git = ['runuser', '-u', 'nobody', '--', 'git', '-C', sandbox.state];
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.net'];
  await outputOf([...git, ...identity, 'commit', '-qam', 'Damage the policy']);
  await outputOf([...git, 'checkout', '-q', '--detach']);
  await runProgram(reconcile);

  const { stdout } = await sandbox.cli('status');
  const hints = Array.from(
    stdout.matchAll(/: (runuser -u nobody -- git -C [^\n;]+)/g),
    ([, hint = '']) => hint,
  );
  for (const hint of hints) await outputOf(hint.split(' '));

  assert.is(new Set(hints).size, 2, stdout);
  assert.is(readFileSync(policy, 'utf8'), good);
  assert.is(await outputOf([...git, 'symbolic-ref', '--short', 'HEAD']), 'main\n');
});

/** With the rights that the units give. */
function asNobody(words: readonly string[]): readonly string[] {
  const rights = ['--inh-caps', '+net_admin,+net_raw', '--ambient-caps', '+net_admin,+net_raw'];
  return [
    'setpriv',
    '--reuid',
    'nobody',
    '--regid',
    String(NOBODY.gid),
    '--clear-groups',
    ...rights,
    ...words,
  ];
}

/** Replaces it by what is no YAML. */
function writeNonsense(path: string): void {
  writeFileSync(path, '[');
}

test.run();
