/** A state whose branches are in git's reftable: git 3 makes such by itself, and `git refs migrate` of any. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { treeOf } from '../lab/layers.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a state with reftable');

/** A git that knows reftable stands in front of the machine's own from here on; undefined where there is none. */
function useNewGit(): string | undefined {
  const tree = findTree();
  if (tree === undefined) return undefined;
  const files = readdirSync(tree, { recursive: true, encoding: 'utf8' });
  const loader = files.find((file) => /\/ld-linux[^/]*\.so\.\d+$/.test(file));
  const library = files.find((file) => file.endsWith('/libpcre2-8.so.0'));
  if (loader === undefined || library === undefined) return undefined;
  const folder = mkdtempSync('/run/git-');
  const libraries = join(tree, library, '..');
  const script = `#!/bin/sh\nGIT_EXEC_PATH=${folder} exec ${join(tree, loader)} --library-path ${libraries} ${tree}/usr/bin/git "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`;
  return folder;
}

function findTree(): string | undefined {
  try {
    return treeOf('git-forky');
  } catch {
    return undefined;
  }
}

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

if (useNewGit() === undefined) {
  test('wants a git of the lab, by .ci/fetch-lab', () => undefined);
} else {
  test('is kept and committed to after it was migrated, and so after a git that was killed', async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    await sandbox.cli('reconcile');
    await sandbox.git('refs', 'migrate', '--ref-format=reftable');
    sandbox.drop('web1', banText('198.51.100.8'));
    const migrated = await sandbox.cli('reconcile');
    for (const lock of ['reftable/tables.list.lock', 'index.lock'])
      writeFileSync(join(sandbox.state, '.git', lock), '');
    sandbox.drop('web1', banText('198.51.100.9'));

    const unlocked = await sandbox.cli('reconcile');
    const doctor = await sandbox.cli('doctor');

    assert.ok(existsSync(join(sandbox.state, '.git/reftable')));
    for (const { code, stderr } of [migrated, unlocked]) assert.is(code, 0, stderr);
    assert.equal(await drops(), ['198.51.100.7', '198.51.100.8', '198.51.100.9']);
    assert.match(await sandbox.git('log', '-1', '--format=%B', 'main'), '198.51.100.9');
    assert.is(await sandbox.git('status', '--porcelain'), '');
    assert.match(doctor.stdout, 'git can read the state');
  });

  test('tells of a detached HEAD, of a reset, and of how a lost HEAD is mended', async () => {
    await using sandbox = await Sandbox.open();
    for (const ip of ['198.51.100.7', '198.51.100.8']) {
      sandbox.drop('web1', banText(ip));
      await sandbox.cli('reconcile');
    }
    await sandbox.git('refs', 'migrate', '--ref-format=reftable');
    await sandbox.git('checkout', '--quiet', '--detach');
    const detached = await sandbox.cli('reconcile');
    await sandbox.git('checkout', '--quiet', 'main');
    await sandbox.git('reset', '--quiet', '--hard', 'HEAD~1');
    const reset = await sandbox.cli('reconcile');
    await sandbox.git('reset', '--quiet', '--hard', 'HEAD@{1}');
    const head = join(sandbox.state, '.git/HEAD');
    rmSync(head);
    const lost = await sandbox.cli('reconcile');
    await outputOf(['sh', '-c', /fix: (echo .+)$/m.exec(lost.stderr)?.[1] ?? 'false']);
    const mended = await sandbox.cli('reconcile');

    assert.match(detached.stderr, 'HEAD is detached');
    assert.match(reset.stderr, 'is at a commit whose history lacks');
    assert.is(reset.code, 4);
    assert.is(mended.code, 0, mended.stderr);
    assert.equal(await drops(), ['198.51.100.7', '198.51.100.8']);
    assert.is(await sandbox.git('status', '--porcelain'), '');
  });
}

test.run();
