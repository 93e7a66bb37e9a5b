import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  readCommits,
  type Commit,
  type CommitsAsked,
  type ReadGit,
} from '../../../src/ledger/git/commit-log.ts';
import { BanspoolError } from '../../../src/system/error.ts';

const log = suite('the log of commits');

/** A commit an hour before the next newer one, named by its number. */
const HOUR = 3600;
const nameOf = (number: number): string => String(number).padStart(40, '0');

/** Answers as git does, of so many commits; `most` commits have room in an answer. */
class Git {
  readonly asked: string[] = [];
  readonly #count: number;
  readonly #timeOf: (number: number) => number;
  readonly #most: number;

  constructor(count: number, { timeOf = (number: number) => (count - number) * HOUR, most = Infinity } = {}) {
    this.#count = count;
    this.#timeOf = timeOf;
    this.#most = most;
  }

  readonly read: ReadGit = async (args, input = '') => {
    this.asked.push(args[0] ?? '');
    return Promise.resolve(args[0] === 'log' ? this.#heads(args) : this.#patches(input));
  };

  #heads(args: readonly string[]): string {
    const number = (option: string): number =>
      Number(args.find((word) => word.startsWith(option))?.slice(option.length));
    const [skip, size] = [number('--skip='), number('--max-count=')];
    const left = Math.max(0, Math.min(size, this.#count - skip));
    return Array.from({ length: left }, (_, at) => {
      return `\0${nameOf(skip + at)}\x01${this.#timeOf(skip + at)}\x01Anna \x01\n`;
    }).join('');
  }

  #patches(input: string): string {
    const names = input.trimEnd().split('\n');
    if (names.length > this.#most) throw new BanspoolError('too-much-output', 'too much');
    return names.map((name) => `\0${name}\0a line\n\nanother\n\0\n\n+of ${name}\0\n`).join('');
  }
}

async function numbers(
  git: Git,
  most = Infinity,
  asked: Omit<CommitsAsked, 'diff'> = {},
): Promise<readonly number[]> {
  const commits: Commit[] = [];
  if (most > 0)
    for await (const commit of readCommits(git.read, { diff: ['--', '.'], ...asked }))
      if (commits.push(commit) >= most) break;
  return commits.map(({ commit }) => Number(commit));
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);

log('is read no further than its reader goes', async () => {
  const [some, all] = [new Git(50_000), new Git(20_000)];

  assert.equal(await numbers(some, 20), upTo(20));
  assert.equal(some.asked, ['log', 'diff-tree']);
  assert.equal(await numbers(all), upTo(20_000));
});

log('tells of each commit the author, the message below its subject, and what it changed', async () => {
  const [only] = await (async () => {
    for await (const commit of readCommits(new Git(1).read, { diff: ['--', '.'] })) return [commit];
    return [];
  })();

  const { commit, author, time, body, patch } = only ?? {};
  assert.equal([commit, author, time], [nameOf(0), 'Anna \x01', HOUR * 1000]);
  assert.equal(body, ['a line', 'another']);
  // A NUL of a file is part of its line.
  assert.equal(
    patch?.filter((line) => line !== ''),
    [`+of ${nameOf(0)}\0`],
  );
});

log('is whole where the changes of many commits are more than one answer has room for', async () => {
  assert.equal(await numbers(new Git(300, { most: 7 })), upTo(300));
});

log('that cannot be read of one commit fails', async () => {
  let failure: unknown;
  await numbers(new Git(3, { most: 0 })).catch((error: unknown) => (failure = error));

  assert.instance(failure, BanspoolError);
});

log('of a time is read to its beginning, and asks for no changes of other times', async () => {
  const git = new Git(50_000);
  // The newest commit is of hour 50,000.
  const asked = { since: 49_990 * HOUR * 1000, until: 49_995 * HOUR * 1000 };

  assert.equal(await numbers(git, Infinity, asked), [5, 6, 7, 8, 9, 10]);
  assert.equal(git.asked, ['log', 'diff-tree', 'log']);
});

log('of a time goes on behind commits whose clock was set back', async () => {
  const wrong = (number: number): number => (number > 40 && number < 60 ? 7 : (1000 - number) * HOUR);
  const git = new Git(1000, { timeOf: wrong });

  const found = await numbers(git, Infinity, { since: 900 * HOUR * 1000 });

  assert.equal(found, [...upTo(41), ...upTo(101).slice(60)]);
});

log('passes over commits that no word selects, and ends with the last that one does', async () => {
  const git = new Git(50_000);
  const read: ReadGit = async (args, input) => {
    if (args.includes('-G')) return `${nameOf(3)}\n${nameOf(70)}\n`;
    return args.includes('--grep') ? `${nameOf(5)}\n` : git.read(args, input);
  };
  const found: number[] = [];
  for await (const { commit } of readCommits(read, { diff: ['--', '.'], select: [['-G'], ['--grep']] }))
    found.push(Number(commit));
  const none: unknown[] = [];
  for await (const commit of readCommits(async () => Promise.resolve(''), { diff: [], select: [['-G']] }))
    none.push(commit);

  assert.equal(found, [3, 5, 70]);
  assert.equal(git.asked.filter((word) => word === 'log').length, 2);
  assert.equal(none, []);
});

log.run();
