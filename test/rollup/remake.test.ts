/** Days made again from commits, in order, by slices. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReadGit } from '../../src/ledger/git/commit-log.ts';
import { DAY_MS } from '../../src/rollup/hour.ts';
import { remakeDays } from '../../src/rollup/remake.ts';

const remake = suite('rollup/remake');

const TODAY = Date.UTC(2026, 10, 22);
const daysAgo = (days: number): number => TODAY - days * DAY_MS;

/** A commit each six hours, newest first, each with a line on drift. */
const TIMES = Array.from({ length: 40 }, (_, index) => TODAY + DAY_MS / 2 - index * (DAY_MS / 4));
const nameOf = (index: number): string => String(index).padStart(40, '0');

const read: ReadGit = async (args, input = '') => {
  const number = (option: string): number =>
    Number(args.find((word) => word.startsWith(option))?.slice(option.length));
  if (args[0] === 'log') {
    assert.is(args.at(-1), 'newest');
    const [skip, most] = [number('--skip='), number('--max-count=')];
    const page = TIMES.slice(skip, skip + most).map(
      (time, at) => `\0${nameOf(skip + at)}\x01${time / 1000}\x01a\n`,
    );
    return Promise.resolve(page.join(''));
  }
  const names = input.trim().split('\n');
  return Promise.resolve(names.map((name) => `\0${name}\0drift: x (pid 1) y\n\0\n`).join(''));
};

interface Asked {
  readonly days: readonly number[];
  readonly stopAfter?: number;
}

async function made({ days, stopAfter = Infinity }: Asked): Promise<readonly string[]> {
  const done: string[] = [];
  await remakeDays({
    ...{ read, from: 'newest', days, lack: assert.unreachable, isStopped: () => done.length >= stopAfter },
    done: async (day) => {
      const drift = day.hours().flatMap((hour) => hour.drift);
      done.push(`${(TODAY - day.start) / DAY_MS}: ${drift.reduce((sum, { count }) => sum + count, 0)}`);
      return Promise.resolve();
    },
  });
  return done;
}

remake('hands over each day that is wanted, newest first, also those without a commit', async () => {
  assert.equal(await made({ days: [0, 1, 2, 20].map(daysAgo) }), ['0: 3', '1: 4', '2: 4', '20: 0']);
  assert.equal(await made({ days: [5, 3].map(daysAgo) }), ['3: 4', '5: 4']);
  assert.equal(await made({ days: [] }), []);
});

remake('hands over no day that is half counted when it is stopped', async () => {
  assert.equal(await made({ days: [0, 1, 2, 3].map(daysAgo), stopAfter: 2 }), ['0: 3', '1: 4']);
});

remake.run();
