/**
 * The terminal as a whole screen: opened it shows nothing but what is written, and whatever ends the process leaves it
 * as it was: a key, a signal, an error, or a reader that went away. Of a process that is killed outright, a watcher
 * (terminal-watcher.ts) restores it. Suspended it is the shell's, and after that it is drawn anew.
 */
import { openSync } from 'node:fs';
import { emitKeypressEvents } from 'node:readline';
import { ReadStream } from 'node:tty';
import { BanspoolError } from '../error.ts';
import { HANDED_OVER } from '../given.ts';
import { watchTerminal, type TerminalWatcher } from './terminal-watcher.ts';

/** The other screen, without a cursor, and no line goes on in the next one. */
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J';
/** The reverse. */
const LEAVE = '\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l';

/** What a person or a terminal sends to end a process. */
const ENDING = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** A key as Node's readline tells it. */
interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

interface TerminalListener {
  readonly key: (key: Key) => void;
  /** What it shows is gone, or it has another size: all is to be drawn anew. */
  readonly anew: () => void;
}

interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Of one that tells none, such as a serial line. */
const USUAL: TerminalSize = { columns: 80, rows: 24 };

/** Where no shell is above it, a process is not stopped, and goes on after this. */
const STOPPED_MS = 100;

export class Terminal {
  readonly #input: ReadStream;
  readonly #watcher: TerminalWatcher;
  readonly #listener: TerminalListener;
  readonly #parent = process.ppid;
  #waiting: NodeJS.Timeout | undefined;
  #isTaken = false;
  #isClosed = false;

  private constructor(input: ReadStream, listener: TerminalListener) {
    this.#input = input;
    this.#listener = listener;
    this.#watcher = watchTerminal(LEAVE);
  }

  /** Takes the terminal. Throws where standard output is none, or no keys can be read. */
  static open(listener: TerminalListener): Terminal {
    if (!process.stdout.isTTY) throw noTerminal('standard output is not a terminal');
    const terminal = new Terminal(keyboard(), listener);
    terminal.#listen();
    terminal.#take();
    return terminal;
  }

  get size(): TerminalSize {
    const { columns, rows } = process.stdout;
    return columns > 0 && rows > 0 ? { columns, rows } : USUAL;
  }

  /** Writes, unless somebody else has the terminal. */
  write(text: string): void {
    if (this.#isTaken && text !== '') process.stdout.write(text);
  }

  /** Gives the terminal back as it was, for good. */
  readonly close = (): void => {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#waiting);
    this.#leave();
    this.#watcher.dismiss();
    this.#input.destroy();
  };

  /** Gives the terminal to the shell, and stops all that the shell waits for, until it lets them go on. */
  readonly suspend = (): void => {
    this.#leave();
    process.off('SIGTSTP', this.suspend);
    process.kill(0, 'SIGTSTP');
    this.#waiting = setTimeout(this.#resume, STOPPED_MS);
  };

  /**
   * True when root's process above this one, which acts as another user, was killed: the shell, which waited for that
   * one, has the terminal, and the watcher is the one to restore it.
   */
  get isOrphaned(): boolean {
    return process.env[HANDED_OVER] !== undefined && process.ppid !== this.#parent;
  }

  #listen(): void {
    for (const signal of ENDING) process.on(signal, this.#end);
    process.on('SIGTSTP', this.suspend).on('SIGCONT', this.#resume).on('exit', this.close);
    // Before Node says what was thrown.
    process.on('uncaughtExceptionMonitor', this.close);
    process.stdout.on('resize', this.#listener.anew);
    emitKeypressEvents(this.#input);
    this.#input.on('keypress', (_text: string | undefined, key: Key) => {
      this.#listener.key(key);
    });
    const hangUp = (): void => {
      this.#end('SIGHUP');
    };
    this.#input.on('error', hangUp).on('end', hangUp);
  }

  #take(): void {
    this.#input.setRawMode(true);
    this.#input.resume();
    this.#watcher.taken();
    this.#isTaken = true;
    process.stdout.write(ENTER);
  }

  #leave(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    process.stdout.write(LEAVE);
    this.#input.setRawMode(false);
    this.#watcher.left();
  }

  /** Takes it again; of who was stopped by others, the shell may have changed all settings since. */
  readonly #resume = (): void => {
    if (this.#isClosed) return;
    clearTimeout(this.#waiting);
    process.off('SIGTSTP', this.suspend).on('SIGTSTP', this.suspend);
    if (this.#isTaken) this.#input.setRawMode(false);
    this.#take();
    this.#listener.anew();
  };

  /** Ends the process as whoever sent the signal, such as a shell that runs a loop, expects it. */
  readonly #end = (signal: NodeJS.Signals): void => {
    this.close();
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
}

/** Who acts as another user has no standard input of its own (act-anew.ts). */
function keyboard(): ReadStream {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch (error) {
    throw noTerminal('no keys can be read, since there is no terminal to read them from', error);
  }
}

function noTerminal(message: string, cause?: unknown): BanspoolError {
  return new BanspoolError('usage', message, {
    cause,
    hint: 'banspool top --once prints once what it would show',
  });
}
