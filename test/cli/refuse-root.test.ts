/** Root, and a state of another user: what root writes there locks that user out. */
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandOfOwner } from '../../src/cli/command-of-owner.ts';
import { banText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf, runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('root');

/** The account without rights, which every Linux has. */
const NOBODY = 65534;

/** A state that is to be nobody's, with one ban in the spool. */
async function openOfNobody(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  chownSync(sandbox.folder, NOBODY, NOBODY);
  return sandbox;
}

/** How nobody makes the pass; the units know no other config than the one at its default place. */
const commandOf = ({ configPath }: Sandbox, command: 'reconcile' | 'run'): string =>
  `setpriv --reuid nobody --regid ${NOBODY} --clear-groups --inh-caps +net_admin,+net_raw --ambient-caps +net_admin,+net_raw banspool ${command} --config ${configPath}`;

for (const command of ['reconcile', 'run'] as const) {
  test(`is refused ${command} on another user’s state before anything is touched, and told how it is done`, async () => {
    // There is one user in a user namespace.
    if (isUserNamespace()) return;
    await using sandbox = await openOfNobody();
    const before = readdirSync(sandbox.folder);

    const withoutState = await sandbox.cli(command);
    const after = readdirSync(sandbox.folder);
    mkdirSync(sandbox.state);
    chownSync(sandbox.state, NOBODY, NOBODY);
    chownSync(sandbox.folder, 0, 0);
    const withState = await sandbox.cli(command);

    for (const { code, stderr } of [withoutState, withState]) {
      assert.is(code, 2, stderr);
      assert.is(
        stderr,
        `banspool: error: the state in ${sandbox.state} is nobody's, and what root writes there locks it out\n` +
          `banspool: hint: ${commandOf(sandbox, command)}\n`,
      );
    }
    assert.equal(after, before);
    assert.equal(readdirSync(sandbox.state), []);
    assert.is(sandbox.waiting().length, 1);
  });
}

test('reads in plan which command makes the pass as the owner of the state', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openOfNobody();

  const plan = await sandbox.cli('plan');

  assert.is(plan.code, 3, plan.stderr);
  assert.ok(plan.stdout.endsWith(`; ${commandOf(sandbox, 'reconcile')} does it\n`), plan.stdout);
});

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
  return ['setpriv', '--reuid', 'nobody', '--regid', String(NOBODY), '--clear-groups', ...rights, ...words];
}

/** Replaces it by what is no YAML. */
function writeNonsense(path: string): void {
  writeFileSync(path, '[');
}

test('is told of the unit where the config is the one that the units read', () => {
  const owner = { uid: 990, gid: 990, name: 'banspool', isCaller: false };

  assert.is(
    commandOfOwner(owner, 'reconcile', '/etc/banspool/config.yaml'),
    'systemctl start banspool-reconcile.service',
  );
});

test('makes the pass on a state of its own, and plan says so', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));

  const plan = await sandbox.cli('plan');
  const pass = await sandbox.cli('reconcile');

  assert.ok(plan.stdout.endsWith('; banspool reconcile does it\n'), plan.stdout);
  assert.is(pass.code, 0, pass.stderr);
});

test.run();
