import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('npm test');

const MAIN = join(import.meta.dirname, 'main.js');

function runMain(command: readonly [string, ...string[]]): { exitCode: number | null; lines: string[] } {
  const [file, ...args] = command;
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8', timeout: 30_000 });
  return { exitCode: status, lines: stdout.trimEnd().split('\n') };
}

test('ends with a line that counts tests', () => {
  const { exitCode, lines } = runMain([process.execPath, MAIN, 'test/runner/judge']);

  assert.is(exitCode, 0);
  assert.match(lines.at(-1) ?? '', /^[1-9][0-9]* passed, 0 failed$/);
});

test('fails when no test file has the name that was asked for', () => {
  const { exitCode, lines } = runMain([process.execPath, MAIN, 'no-such-test']);

  assert.is(exitCode, 1);
  assert.is(lines.at(-1), '0 passed, 1 failed');
});

test('fails loudly where no network namespace can be made', () => {
  const forbidden = 'echo 0 > /proc/sys/user/max_net_namespaces && exec "$@"';

  const { exitCode, lines } = runMain([
    ...(['unshare', '--user', '--map-root-user', '--', 'sh', '-c', forbidden, 'sh'] as const),
    ...[process.execPath, MAIN, 'test/runner/judge'],
  ]);

  assert.is(exitCode, 1);
  assert.match(lines.join('\n'), /FAIL {2}test\/runner\/judge.test.ts: exit code 1; no summary/);
  assert.match(lines.join('\n'), /unshare: .*No space left on device/);
  assert.is(lines.at(-1), '0 passed, 1 failed');
});

test.run();
