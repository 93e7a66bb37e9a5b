/**
 * A program that tells something by lines, for as long as it runs; it is started again, later each time, when it
 * ends.
 */
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { messageOf } from '../error.ts';
import { programEnv } from './run.ts';
import { startChild } from './start-child.ts';

interface Listening {
  readonly close: () => void;
}

interface ListenOptions {
  readonly heard: (line: string) => void;
  /** What it said last when it ended, or how it ended. */
  readonly ended: (why: string) => void;
}

export type Listen = (file: string, args: readonly string[], options: ListenOptions) => Listening;

type Listened = ChildProcessByStdio<null, Readable, Readable>;

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
const MAX_SAID = 200;

/** Listens until it is closed. */
export const listen: Listen = (file, args, { heard, ended }) => {
  let wait = FIRST_WAIT_MS;
  let timer: NodeJS.Timeout | undefined;
  let child: ChildProcess | undefined;
  let isClosed = false;

  const start = (): void => {
    let words = '';
    let own: Listened;
    try {
      own = startChild(() => spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: programEnv() }));
    } catch (error) {
      end(messageOf(error));
      return;
    }
    child = own;
    own.once('error', (error) => (words = messageOf(error)));
    own.stderr.setEncoding('utf8').on('data', (text: string) => (words = onOneLine(text)));
    createInterface(own.stdout).on('line', (line) => {
      // What it says shows that it works: the next end is another story.
      wait = FIRST_WAIT_MS;
      heard(line);
    });
    own.once('close', (code, signal) => {
      end(words === '' ? `${file} ended (${signal ?? code ?? ''})` : words);
    });
  };
  const end = (why: string): void => {
    if (isClosed) return;
    ended(why);
    timer = setTimeout(start, wait);
    wait = Math.min(wait * 2, MAX_WAIT_MS);
  };

  start();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      child?.kill();
    },
  };
};

/** ssh ends its lines with a carriage return, too. */
function onOneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*[\r\n]+\s*/g, '; ')
    .slice(0, MAX_SAID);
}
