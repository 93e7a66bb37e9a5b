/** One program that the fork server's shell runs. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openForkServer, type ForkServer } from '../../../src/system/processes/fork-server.ts';
import type { Ran } from '../../../src/system/processes/run.ts';

const forks = suite<{ server: ForkServer }>('a forked program');

forks.before.each((context) => {
  context.server = openForkServer();
});
forks.after.each(({ server }) => {
  server.close();
});

/** What it fails with. */
const failureOf = async (ran: Promise<Ran>): Promise<string> =>
  ran.then(
    () => 'it did not fail',
    (error: unknown) => String(error),
  );

forks('ends a program that takes too long, and says so', async ({ server }) => {
  const failure = await failureOf(server.run('sleep', ['30'], { timeoutMs: 300 }));

  assert.match(failure, /sleep 30 did not end within 0.3 s/);
  assert.is((await server.run('echo', ['next'])).stdout, 'next');
});

forks('ends one that does not listen to SIGTERM, too', async ({ server }) => {
  const stubborn = server.run('sh', ['-c', 'trap "" TERM; while :; do sleep 0.1; done'], { timeoutMs: 200 });

  assert.match(await failureOf(stubborn), /did not end within 0.2 s/);
});

forks('is over when it ends, whatever a child of it goes on to say', async ({ server }) => {
  // It counts, so that the child is at it.
  const script = 'while echo late; do :; done >&2 & for _ in $(seq 50000); do :; done; echo "$!"';

  const { stdout } = await server.run('sh', ['-c', script]);

  process.kill(Number(stdout), 'SIGKILL');
  assert.is((await server.run('echo', ['next'])).stdout, 'next');
});

forks.run();
