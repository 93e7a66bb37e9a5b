/** Promise 3 before there is a state: a first start that is killed, at whatever moment, is followed by a good one. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freshMemory } from '../../src/pass/memory.ts';
import { files } from '../../src/system/files/files.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a first start');

/** Stands in front of a program: does as it does, then this, and kills the controller. */
async function killAfter(sandbox: Sandbox, program: string, then = ''): Promise<void> {
  const real = (await outputOf(['sh', '-c', `command -v ${program}`])).trim();
  const folder = join(sandbox.folder, 'bin');
  mkdirSync(folder);
  const script = `#!/bin/sh\n"${real}" "$@"\n${then}\nkill -9 "$(cat "$TMPDIR/pid")"\n`;
  writeFileSync(join(folder, program), script);
  chmodSync(join(folder, program), 0o755);
  const controller = sandbox.spawnController({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
  writeFileSync(join(sandbox.folder, 'pid'), String(controller.pid));
  await controller.ended;
}

async function drops(): Promise<readonly string[]> {
  const rules = await iptablesRules();
  return rules.flatMap((rule) => /^-A fail2ban-sshd -s (\S+)\/32 -j DROP$/.exec(rule)?.[1] ?? []).sort();
}

async function adopted(sandbox: Sandbox): Promise<readonly string[]> {
  const { stdout } = await sandbox.cli('list', '--json');
  const { bans } = JSON.parse(stdout) as { bans: { ip: string; claims: { server: string }[] }[] };
  return bans.filter(({ claims }) => claims.some(({ server }) => server === 'adopted')).map(({ ip }) => ip);
}

/** What the article's scripts left. */
async function leaveBans(...ips: readonly string[]): Promise<void> {
  await iptables(['-N', 'fail2ban-sshd']);
  await iptables(['-A', 'fail2ban-sshd', '-j', 'RETURN']);
  for (const ip of ips) await iptables(['-I', 'fail2ban-sshd', '-s', ip, '-j', 'DROP']);
  for (const hook of ['FORWARD', 'INPUT'])
    await iptables(['-I', hook, '-p', 'tcp', '-m', 'multiport', '--dports', '22', '-j', 'fail2ban-sshd']);
}

test('that is killed with rules made and nothing saved adopts none of its own', async () => {
  await using sandbox = await Sandbox.open();
  await leaveBans('203.0.113.7');
  sandbox.drop('web1', banText('198.51.100.7', { bantime: 900 }));
  await killAfter(sandbox, 'iptables-nft-restore');
  const made = await drops();

  const pass = await makePass(worldOf(sandbox));

  assert.equal(made, ['198.51.100.7', '203.0.113.7']);
  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7', '203.0.113.7']);
  assert.equal(await adopted(sandbox), ['203.0.113.7']);
});

test('that is killed in the middle of saving what it adopts leaves none of it out', async () => {
  await using sandbox = await Sandbox.open();
  await leaveBans('198.51.100.7', '203.0.113.7');
  const world = worldOf(sandbox);
  const first = { ...files, write: oneWrite() };
  const failed = await makePass(worldOf(sandbox, { files: first })).catch((error: unknown) => error);

  const pass = await makePass(world);

  assert.not.instance(failed, Error);
  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7', '203.0.113.7']);
  assert.equal(await adopted(sandbox), ['198.51.100.7', '203.0.113.7']);
});

/** The power goes after one file. */
function oneWrite(): typeof files.write {
  let written = 0;
  return async (path, text) => {
    written += 1;
    if (written > 1) throw new Error('power cut');
    await files.write(path, text);
  };
}

test('on a full disk enforces, and adopts nothing of that a pass later', async () => {
  await using sandbox = await Sandbox.open();
  await leaveBans('203.0.113.7');
  sandbox.drop('web1', banText('198.51.100.7'));
  const full = (): Promise<void> => Promise.reject(new Error('ENOSPC: no space left on device'));
  const world = worldOf(sandbox, { files: { ...files, write: full } });
  const memory = freshMemory(world);

  await makePass(world, memory);
  const second = await makePass(world, memory);
  const dropped = await drops();
  Object.assign(world.files, { write: files.write });
  const third = await makePass(world, memory);

  assert.equal(
    second.problems.map(({ condition }) => condition),
    ['StateSaved'],
  );
  assert.equal(dropped, ['198.51.100.7', '203.0.113.7']);
  assert.equal(third.problems, []);
  assert.equal(await adopted(sandbox), ['203.0.113.7']);
});

test('that is killed with its git init is mended by the next one', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await killAfter(sandbox, 'git', 'rm -rf "$PWD/.git/HEAD" "$PWD/.begin.tmp/.git/HEAD"');

  const pass = await makePass(worldOf(sandbox));

  assert.equal(pass.problems, []);
  assert.equal(await drops(), ['198.51.100.7']);
  assert.match(await sandbox.git('log', '--format=%B'), '198.51.100.7');
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

for (const lacking of [['HEAD', 'refs', 'objects'], ['HEAD', 'objects'], ['HEAD'], ['objects'], ['refs']]) {
  test(`is not held up by a .git without ${lacking.join(', ')} that an earlier one left`, async () => {
    await using sandbox = await Sandbox.open();
    mkdirSync(sandbox.state);
    await sandbox.git('init', '--quiet');
    for (const part of lacking) rmSync(join(sandbox.state, '.git', part), { recursive: true });
    sandbox.drop('web1', banText('198.51.100.7'));

    const pass = await makePass(worldOf(sandbox));

    assert.equal(pass.problems, []);
    assert.match(await sandbox.git('log', '-1', '--format=%B'), '198.51.100.7');
  });
}

test('leaves a repository alone that lost its HEAD, and says how it is mended', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  const head = join(sandbox.state, '.git/HEAD');
  rmSync(head);

  const pass = await makePass(worldOf(sandbox));
  const mend = /fix: (echo [^;]+)$/.exec(pass.problems[0]?.message ?? '')?.[1] ?? 'false';
  await outputOf(['sh', '-c', mend]);
  const mended = await makePass(worldOf(sandbox));

  assert.equal(mended.problems, []);
  assert.is((await sandbox.git('rev-list', '--count', 'HEAD')).trim(), '1');
});

test.run();
