import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBackground, type Background } from '../../../src/system/processes/background.ts';
import { eventually } from '../../support/eventually.ts';
import { processesWith } from '../../support/processes.ts';

const test = suite('a program in the background');

const MARK = 'BANSPOOL_MARK=background';

/** Two processes that end when they are told to, and no sooner. */
const startTwo = (timeoutMs: number): Background =>
  startBackground('sh', ['-c', 'sleep 1000 & sleep 1000'], {
    env: { BANSPOOL_MARK: 'background' },
    timeoutMs,
  });

/** Where the subject is broken they would run on, and keep this process from its end. */
test.after.each(() => {
  for (const pid of processesWith(MARK)) process.kill(pid, 'SIGKILL');
});

/** What `ended` says; fails where it says nothing for long. */
async function endOf({ ended }: Background): Promise<string | undefined> {
  const ends: (string | undefined)[] = [];
  void ended.then((end) => ends.push(end));
  return eventually(() => {
    assert.is(ends.length, 1, 'it has not ended');
    return ends[0];
  });
}

async function untilRunning(count: number): Promise<readonly number[]> {
  return eventually(() => {
    const found = processesWith(MARK);
    assert.ok(count === 0 ? found.length === 0 : found.length >= count, `${found.length} run`);
    return found;
  });
}

test('has the lowest priority, and ends at once with all that it started', async () => {
  const background = startTwo(3_600_000);
  const [pid] = await untilRunning(3);
  const nice = await eventually(() => {
    // Its place behind the name (proc_pid_stat(5)).
    const value = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[16];
    assert.is(value, '19');
    return value;
  });

  background.stop();

  assert.is(await endOf(background), undefined);
  assert.is(nice, '19');
  await untilRunning(0);
});

test('tells why it failed in the first line of what it said, or by how it ended', async () => {
  const sh = async (script: string): Promise<string | undefined> =>
    endOf(startBackground('sh', ['-c', script], { timeoutMs: 3_600_000 }));

  assert.equal(
    [
      await sh('echo fatal >&2; echo more >&2; exit 3'),
      await sh('exit 4'),
      await sh('kill -9 $$'),
      await sh('true'),
    ],
    ['fatal', 'exit 4', 'exit SIGKILL', undefined],
  );
});

test('ends after its time, with all that it started, and says so', async () => {
  const background = startTwo(500);

  assert.is(await endOf(background), 'it did not end within 0.5 s');
  await untilRunning(0);
});

test.run();
