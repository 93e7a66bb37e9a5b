import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCommitLine } from '../../../src/replay/history/commit-line.ts';
import { outputOf } from '../../support/run-program.ts';
import { MadeUpHistory } from '../made-up-history.ts';

const test = suite('replay/commit-line');

const START = Date.UTC(2026, 10, 1);

/** With a commit at each of these seconds. */
async function historyAt(...seconds: readonly number[]): Promise<MadeUpHistory> {
  const history = new MadeUpHistory();
  for (const [index, second] of seconds.entries())
    history.commit(START + second * 1000, { 'policy.yaml': `# ${index}\n` });
  await history.write();
  return history;
}

const secondsOf = (times: readonly { readonly time: number }[]): readonly number[] =>
  times.map(({ time }) => (time - START) / 1000);

test('is the commits after a moment, the oldest first, and the last one up to it', async () => {
  const history = await historyAt(0, 10, 20, 30);

  const line = await readCommitLine(history.read, START + 10_000);
  const none = await readCommitLine(history.read, START + 99_000);

  assert.equal(secondsOf(line.base === undefined ? [] : [line.base]), [10]);
  assert.equal([secondsOf(line.commits), line.isWhole], [[20, 30], true]);
  assert.equal([secondsOf(none.commits), none.isWhole], [[], true]);
});

test('begins with the first of all where the history is no older, and says so', async () => {
  const history = await historyAt(0, 10);

  const line = await readCommitLine(history.read, START - 1);

  assert.equal(secondsOf(line.base === undefined ? [] : [line.base]), [0]);
  assert.equal([secondsOf(line.commits), line.isWhole], [[10], false]);
});

test('believes no clock that went back, and counts it', async () => {
  const history = await historyAt(0, 9_000, 10, 20);

  const line = await readCommitLine(history.read, START);

  assert.equal([secondsOf(line.commits), line.misdated], [[10, 20], 1]);
});

test('is the branch that is checked out, with each merge as one', async () => {
  const history = await historyAt(0, 10);
  const git = async (...words: readonly string[]): Promise<unknown> =>
    outputOf(['git', '-C', history.folder, '-c', 'user.name=a', '-c', 'user.email=a@example.net', ...words]);
  await git('branch', 'side', 'main~1');
  await git('checkout', '--quiet', 'side');
  await git('commit', '--quiet', '--allow-empty', '--message', 'aside');
  await git('checkout', '--quiet', 'main');
  await git('merge', '--quiet', '--no-ff', '--message', 'join', 'side');

  const line = await readCommitLine(history.read, START);

  assert.is(line.commits.length, 2);
  assert.is(line.commits[1]?.commit, (await history.read(['rev-parse', 'HEAD'])).trim());
});

test.run();
