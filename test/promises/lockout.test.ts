/** Who is logged in and would be shut out by the policy is told of while he can still do something. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PassKind } from '../../src/domain/pass-kind.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import type { Session } from '../../src/system/sessions.ts';
import { eventually } from '../support/eventually.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('an operator who came by ssh');

const ME = '203.0.113.7';
const NET = '203.0.113.0/24';

/** A controller on whose machine is logged in who stands in the file, as `who` prints them. */
async function openWithSessions(sandbox: Sandbox): Promise<string> {
  const [bin, sessions] = [join(sandbox.folder, 'bin'), join(sandbox.folder, 'sessions')];
  mkdirSync(bin);
  writeFileSync(join(bin, 'who'), `#!/bin/sh\nexec cat ${sessions}\n`, { mode: 0o755 });
  writeFileSync(sessions, ANNA);
  await sandbox.startController({ PATH: `${bin}:${process.env['PATH'] ?? ''}` });
  return sessions;
}

const ANNA = `anna     pts/1        2026-11-28 14:00 ${ME}\n`;
const BEN = 'ben      pts/2        2026-11-28 14:05 203.0.113.8\n';

/** What status says of it, and with which exit code. */
async function lockoutsOf(sandbox: Sandbox): Promise<readonly [number, string]> {
  const { code, stdout } = await sandbox.cli('status');
  return [code, stdout.split('\n').find((line) => line.startsWith('NobodyLockedOut')) ?? ''];
}

test('is named by status for as long as the policy that somebody edited denies his address', async () => {
  await using sandbox = await Sandbox.open({ config: { interval: '1s' } });
  const path = join(sandbox.state, 'policy.yaml');
  const sessions = await openWithSessions(sandbox);
  const told = (line: number): string =>
    `NobodyLockedOut is false (PolicyDenies): policy.yaml line ${line} denies ${ME}, from which anna is logged in (pts/1); fix: remove that line, or allow the address`;
  const settlesAt = async (code: number, message: string): Promise<void> =>
    eventually(async () => {
      assert.equal(await lockoutsOf(sandbox), [code, message]);
    });
  await settlesAt(0, '');

  writeFileSync(path, `deny:\n  - { net: ${NET} }\n`);
  await settlesAt(1, told(2));
  writeFileSync(path, `# Anna's too.\ndeny:\n  - { net: ${NET} }\n`);
  await settlesAt(1, told(3));
  writeFileSync(path, `deny:\n  - { net: ${NET} }\nallow:\n  - { net: ${ME} }\n`);
  await settlesAt(0, '');
  writeFileSync(path, `deny:\n  - { net: ${NET} }\n`);
  await settlesAt(1, told(2));
  writeFileSync(sessions, '');
  await settlesAt(0, '');
});

test('is named by status where his session began after the policy denied him, or the controller did', async () => {
  await using sandbox = await Sandbox.open({ config: { interval: '1s' } });
  sandbox.writePolicy(`deny:\n  - { net: ${NET} }\n`);
  const sessions = await openWithSessions(sandbox);

  const atStart = await lockoutsOf(sandbox);
  writeFileSync(sessions, ANNA + BEN);

  assert.is(atStart[0], 1);
  assert.match(atStart[1], `denies ${ME}, from which anna is logged in (pts/1)`);
  await eventually(async () => {
    assert.match((await lockoutsOf(sandbox))[1], 'denies 203.0.113.8, from which ben is logged in (pts/2)');
  });
});

test('is looked up by passes that see a new policy, and by full ones', async () => {
  await using sandbox = await Sandbox.open();
  let looks = 0;
  const findSessions = async (): Promise<readonly Session[]> => {
    looks += 1;
    return Promise.resolve([
      { address: ME, who: 'you are logged in' },
      { address: ME, who: 'anna is logged in (pts/1)' },
    ]);
  };
  const world = worldOf(sandbox, { findSessions });
  const memory = freshMemory(world);
  const passOf = async (kind: PassKind): Promise<readonly string[]> =>
    (await makePass(world, memory, kind)).problems.map(({ message }) => message);
  const found: unknown[] = [await passOf('full'), looks];
  writeFileSync(join(sandbox.state, 'policy.yaml'), `deny:\n  - { net: ${NET} }\n`);

  for (const kind of ['quick', 'quick', 'full'] as const) found.push(await passOf(kind), looks);

  const problems = [
    `policy.yaml line 2 denies ${ME}, from which anna is logged in (pts/1); fix: remove that line, or allow the address`,
  ];
  assert.equal(found, [[], 0, problems, 1, problems, 1, problems, 2]);
});

test.run();
