/** The shell that starts programs: whatever it is asked for comes out as if Node had started it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openForkServer, type ForkServer } from '../../../src/system/processes/fork-server.ts';
import { run, type Ran, type RunOptions } from '../../../src/system/processes/run.ts';
import { eventually } from '../../support/eventually.ts';

const forks = suite<{ server: ForkServer }>('the fork server');

forks.before.each((context) => {
  context.server = openForkServer();
});
forks.after.each(({ server }) => {
  server.close();
});

/** Prints each argument and its input, says something, and exits with the first argument. */
const ECHO = 'code=$1; shift; printf "<%s>" "$@" "$X"; cat; pwd; echo said >&2; exit "$code"';

const FOLDERS = ['/', '/usr', '/tmp'];

/** What it fails with. */
const failureOf = async (ran: Promise<Ran>): Promise<string> =>
  ran.then(
    () => 'it did not fail',
    (error: unknown) => String(error),
  );

const withoutPid = ({ exitCode, stdout, stderr }: Ran): unknown => ({ exitCode, stdout, stderr });

forks(
  'gives what a program of any words, input, folder and environment gives without it',
  async ({ server }) => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).map((each) => each.replaceAll('\0', ''));
    const shell = fc.constantFrom("'", '"', '$(touch pwned)', '`id`', '; exit 9', '\\', '\n', '', '-n', ' ');
    const call = fc.record({
      code: fc.nat(125),
      words: fc.array(fc.oneof(text, shell), { maxLength: 6 }),
      input: fc.oneof(text, fc.constant('x\n'.repeat(100_000))),
      env: fc.oneof(shell, text),
      cwd: fc.constantFrom(...FOLDERS),
    });

    await fc.assert(
      fc.asyncProperty(call, async ({ code, words, input, env, cwd }) => {
        const args = ['-c', ECHO, 'sh', String(code), ...words];
        const options: RunOptions = { input, cwd, env: { X: env } };

        assert.equal(
          withoutPid(await server.run('sh', args, options)),
          withoutPid(await run('sh', args, options)),
        );
      }),
      { numRuns: 60 },
    );
    assert.equal(
      FOLDERS.filter((folder) => existsSync(join(folder, 'pwned'))),
      [],
    );
  },
);

forks('holds a program, and all that it starts, to limits', async ({ server }) => {
  const limits = { memory: 500_000_000, fileSize: 4096, seconds: 7 };
  const shown = ['-c', 'sh -c "ulimit -v; ulimit -f; ulimit -t; echo $OWN; echo $PPID"'];

  const { stdout } = await server.run('sh', shown, { limits, env: { OWN: 'own' } });
  const free = await server.run('sh', ['-c', 'ulimit -t']);

  assert.match(stdout, /^488281\n8\n7\nown\n/);
  assert.is(free.stdout, 'unlimited');
});

forks('tells the process id of the program itself', async ({ server }) => {
  const { pid, stdout } = await server.run('sh', ['-c', 'echo $$']);

  assert.is(String(pid), stdout);
});

forks('starts every program below one and the same shell', async ({ server }) => {
  const first = await server.run('sh', ['-c', 'echo $PPID']);
  const second = await server.run('sh', ['-c', 'echo $PPID']);

  assert.is(first.stdout, second.stdout);
  assert.is.not(first.stdout, String(process.pid));
});

forks('runs a second program without waiting for the first', async ({ server }) => {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-fork-'));
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);

  // It ends once somebody writes into the FIFO, and no sooner.
  const first = server.run('cat', [fifo]);
  const second = await server.run('sh', ['-c', 'echo "$1" >"$2"; echo $PPID', 'sh', 'at once', fifo]);

  assert.is((await first).stdout, 'at once');
  assert.is.not(second.stdout, String(process.pid));
  rmSync(folder, { recursive: true });
});

forks('says that a program is missing as without it', async ({ server }) => {
  const failure = await failureOf(server.run('no-such-program', []));

  assert.match(failure, /no-such-program is not installed/);
});

forks('fails the program under way when the shell is killed, and starts another', async ({ server }) => {
  const { stdout: shell } = await server.run('sh', ['-c', 'echo $PPID']);
  const orphaned = failureOf(server.run('sleep', ['1']));
  process.kill(Number(shell), 'SIGKILL');

  assert.match(await orphaned, /sleep 1: the shell that starts programs has ended/);
  const next = await server.run('sh', ['-c', 'echo $PPID']);
  assert.is.not(next.stdout, shell);
});

forks('leaves no shell behind once it is closed', async () => {
  const server = openForkServer();
  const { stdout: shell } = await server.run('sh', ['-c', 'echo $PPID']);

  server.close();

  await eventually(() => {
    assert.not(existsSync(`/proc/${shell}`));
  });
  assert.is((await server.run('echo', ['still'])).stdout, 'still');
});

forks('keeps no process from ending', () => {
  const module = new URL('../../../src/system/processes/fork-server.js', import.meta.url).href;
  const script = `
    const { openForkServer } = await import(${JSON.stringify(module)});
    console.log((await openForkServer().run('echo', ['done'])).stdout);`;

  const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 30_000 });

  assert.is(told.toString(), 'done\n');
});

forks.run();
