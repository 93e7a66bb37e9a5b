/** Promise 3, of the files that earlier versions kept IPv6 in: no moment of the move loses a claim or stops a pass. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { files } from '../../src/system/files/files.ts';
import type { Run } from '../../src/system/processes/run.ts';
import { iptablesRules } from '../support/firewall.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the move of IPv6 into few files');

const ADDRESSES = ['2001:db8::7', '2002:db8:3::7', '2a01:4f8::7'];

/** A state with a file for each first group, as earlier versions committed it, and an emptied one. */
async function makeFormer(sandbox: Sandbox): Promise<void> {
  const folder = join(sandbox.state, 'claims/ipv6');
  mkdirSync(folder, { recursive: true });
  for (const ip of ADDRESSES) {
    const line = `- { "ip": "${ip}", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": null }\n`;
    writeFileSync(join(folder, `${ip.slice(0, 4)}.yaml`), line);
  }
  writeFileSync(join(folder, '2003.yaml'), '[]\n');
  writeFileSync(join(sandbox.state, 'policy.yaml'), 'allow: []\n');
  await outputOf(['git', 'init', '--quiet', '--initial-branch=main', sandbox.state]);
  await sandbox.git('add', '--all');
  await sandbox.git('commit', '--quiet', '-m', 'as it was');
}

const MOVED = ['94.yaml', 'd7.yaml'];

async function assertMoved(sandbox: Sandbox): Promise<void> {
  assert.equal(readdirSync(join(sandbox.state, 'claims/ipv6')), MOVED);
  assert.is(existsSync(join(sandbox.state, 'claims/.moved.tmp')), false);
  assert.is(await sandbox.git('status', '--porcelain'), '');
  const rules = await iptablesRules({ family: 'ipv6' });
  assert.equal(
    rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/128 -j DROP$/.exec(rule)?.[1] ?? []).toSorted(),
    ADDRESSES,
  );
}

test('a state of an earlier version is moved over by one pass, and its history stays one', async () => {
  await using sandbox = await Sandbox.open();
  await makeFormer(sandbox);

  const first = await sandbox.cli('reconcile');
  const log = (await sandbox.git('log', '--format=%s')).trim().split('\n');
  const second = await sandbox.cli('reconcile');
  const history = await sandbox.cli('history', '2001:db8::7');
  const all = await sandbox.cli('history');

  assert.equal([first.code, second.code], [0, 0], first.stderr + second.stderr);
  await assertMoved(sandbox);
  assert.equal(log, ['Move claims to the files that they belong in', 'as it was']);
  assert.is((await sandbox.git('log', '--format=%s')).trim().split('\n').length, 2);
  assert.match(history.stdout, /^\S+ \S+ UTC {2}ban 2001:db8::7 in sshd by web1 until unbanned .*\n$/);
  assert.is(all.stdout.trim().split('\n').length, ADDRESSES.length);
});

test('a controller that ends in the middle of the move is no loss to the next', async () => {
  // While the files are written, when some are gone, and when all are and git does not know.
  for (const allowed of [0, 1, 2, 3, 4]) {
    await using sandbox = await Sandbox.open();
    await makeFormer(sandbox);
    let left = allowed;
    const removeNow = (path: string): void => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      files.removeNow(path);
    };
    const failing: Run = async (file, args, options) => {
      if (args.includes('commit')) throw new Error('killed');
      return worldOf(sandbox).run(file, args, options);
    };
    await makePass(worldOf(sandbox, { run: failing, files: { ...files, removeNow } }));
    const left1 = readdirSync(join(sandbox.state, 'claims/ipv6'));

    const listed = await sandbox.cli('list');
    const next = await sandbox.cli('reconcile');

    assert.is(left1.length, Math.max(2, 6 - allowed));
    for (const ip of ADDRESSES) assert.match(listed.stdout, ip);
    assert.is(next.code, 0, next.stderr);
    await assertMoved(sandbox);
  }
});

test('a file that is lost while others are moved is damage all the same', async () => {
  await using sandbox = await Sandbox.open();
  await makeFormer(sandbox);
  const failing: Run = async (file, args, options) => {
    if (args.includes('commit')) throw new Error('killed');
    return worldOf(sandbox).run(file, args, options);
  };
  writeFileSync(join(sandbox.state, 'claims/ipv6/00.yaml'), '[]\n');
  await sandbox.git('add', '--all');
  await sandbox.git('commit', '--quiet', '-m', 'one more');
  await makePass(worldOf(sandbox, { run: failing }));
  rmSync(join(sandbox.state, 'claims/ipv6/00.yaml'));

  const { code, stderr } = await sandbox.cli('reconcile');

  assert.is(code, 4);
  assert.match(stderr, 'claims/ipv6/00.yaml is missing, but git has it');
});

test.run();
