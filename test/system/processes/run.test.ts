/** One program to its end. What it has in common with the fork server, the test of that has. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanspoolError } from '../../../src/system/error.ts';
import { isInstalled, run, type RunOptions } from '../../../src/system/processes/run.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('a program that is run');

/** Its code and its message. */
async function failureOf(file: string, args: readonly string[], options?: RunOptions): Promise<string> {
  const failure = await run(file, args, options).catch((error: unknown) => error);
  return failure instanceof BanspoolError ? `${failure.code}: ${failure.message}` : 'it did not fail';
}

test('may exit as it likes: that is told, and no error', async () => {
  const { exitCode, stdout, stderr } = await run('sh', ['-c', 'cat; echo said >&2; exit 7'], {
    input: 'in\n',
  });

  assert.equal([exitCode, stdout, stderr], [7, 'in', 'said']);
});

test('that is missing, hangs or is killed is an error with a code', async () => {
  assert.is(await failureOf('no-such-program', []), 'command-missing: no-such-program is not installed');
  assert.is(
    await failureOf('sleep', ['100'], { timeoutMs: 100 }),
    'command-timeout: sleep 100 did not end within 0.1 s',
  );
  assert.match(await failureOf('sh', ['-c', 'kill -9 $$']), /^command-failed: .*SIGKILL/s);
});

test('may print as much as whoever runs it can use, and any amount to who takes it as it comes', async () => {
  let bytes = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
  };

  const { stdout, exitCode } = await run('sh', ['-c', 'yes | head -c 33000000; exit 7'], { take });

  assert.equal([bytes, stdout, exitCode], [33_000_000, '', 7]);
  assert.is(
    await failureOf('sh', ['-c', 'yes'], { maxOutput: 500_000 }),
    'too-much-output: sh -c yes printed more than 0.5 MB',
  );
});

test('finds nothing to read, nothing of our environment but what it needs, and sbin', async () => {
  process.env['BANSPOOL_SECRET'] = 'x';

  const { stdout } = await run('sh', ['-c', 'cat; echo "$PATH|$LC_ALL|$BANSPOOL_SECRET|$OWN"'], {
    env: { OWN: 'own' },
  });

  assert.match(stdout, /(^|:)\/usr\/sbin:.*\|C\|\|own$/);
  assert.equal([isInstalled('sh'), isInstalled('no-such-program')], [true, false]);
});

test('as another user has none of root’s rights and groups, and no way back to them', async () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;

  const { stdout } = await run(
    'sh',
    ['-c', 'id -u; id -G; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status'],
    {
      as: NOBODY,
    },
  );

  assert.is(stdout, '65534\n65534\nCapEff:\t0000000000000000\nNoNewPrivs:\t1');
  assert.is(
    await failureOf('no-such-program', [], { as: NOBODY }),
    'command-missing: no-such-program is not installed',
  );
});

test('is held to limits, as is all that it starts, and as another user too', async () => {
  const limits = { memory: 500_000_000, fileSize: 4096, seconds: 7 };
  const shown = ['-c', 'sh -c "ulimit -v; ulimit -f; ulimit -t"'];

  const own = await run('sh', shown, { limits });
  const others = isUserNamespace() ? own : await run('sh', shown, { limits, as: NOBODY });

  assert.equal([own.stdout, others.stdout], ['488281\n8\n7', '488281\n8\n7']);
  assert.is(
    await failureOf('no-such-program', [], { limits }),
    'command-missing: no-such-program is not installed',
  );
});

test.run();
