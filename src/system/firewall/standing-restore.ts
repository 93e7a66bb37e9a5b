/**
 * One iptables-restore that stands by, of either variant: it commits at each COMMIT, sees what others changed in
 * between, and lists as `iptables -S` does. With -v it repeats comments on its output, after what stands before them:
 * that is its word that a text took effect.
 */
import { randomUUID } from 'node:crypto';
import { StandingProgram, type Question } from '../processes/standing-program.ts';

/** How long iptables-legacy may wait for its lock; iptables-nft has none and takes the option all the same. */
export const LOCK_WAIT_S = '10';

export type Told =
  /** Nothing took effect, and a process may be told the same. */
  | { readonly kind: 'not-done'; readonly pid?: number }
  | { readonly kind: 'done'; readonly pid: number }
  /** All of it took effect, or nothing. */
  | { readonly kind: 'unknown'; readonly pid: number };

/** A larger text is no faster than by a process, and would stay in the memory of the program. */
const MAX_CHARS = 64_000;

/** Its output is a pipe, of which the C library writes 4,096 bytes at a time: a long line pushes out what is ahead. */
const PUSH = '.'.repeat(8_192);

export class StandingRestore {
  /** Nobody who writes a rule, or a comment of one, knows it. */
  readonly #mark = randomUUID();
  readonly #program: StandingProgram;
  #count = 0;
  #isListable = false;

  constructor(file: string, limitMs?: number) {
    this.#program = new StandingProgram({
      file,
      args: ['--noflush', '-v', '-w', LOCK_WAIT_S],
      greeting: () => this.#question('').question,
      ...(limitMs !== undefined && { limitMs }),
    });
  }

  /** One transaction. */
  async restore(text: string): Promise<Told> {
    if (text.length > MAX_CHARS) {
      this.#program.wake();
      return { kind: 'not-done' };
    }
    const answer = await this.#program.ask(this.#question(text).question);
    if (answer.kind === 'unasked') return { kind: 'not-done' };
    // A text with a mistake, or that the kernel refused, ends it with an exit code.
    if (answer.kind === 'failed') return { kind: 'not-done', pid: answer.pid };
    return { kind: answer.kind === 'answered' ? 'done' : 'unknown', pid: answer.pid };
  }

  /** What `-S -v` prints; undefined where a process is to be asked. */
  async list(): Promise<string | undefined> {
    if (!this.#isListable) return undefined;
    const { question, answerOf } = this.#question('*filter\n-S -v\nCOMMIT\n');
    const answer = await this.#program.ask(question);
    if (answer.kind === 'answered') return answerOf(answer.said.stdout);
    // A table with native rules ends it.
    if (answer.kind !== 'unasked') this.#isListable = false;
    return undefined;
  }

  /** A process listed so much. */
  listed(chars: number): void {
    this.#isListable = chars <= MAX_CHARS;
  }

  close(): void {
    this.#program.close();
  }

  /** What it says between two comments is the answer. */
  #question(text: string): { question: Question; answerOf: (stdout: string) => string } {
    this.#count += 1;
    const begin = `# ${this.#mark} ${this.#count}\n`;
    const end = `# ${this.#mark} end ${this.#count} `;
    return {
      question: {
        text: `${begin}${text}${end}${PUSH}\n`,
        look: ({ stdout }) => (stdout.includes(end) ? 'answer' : 'unfinished'),
      },
      answerOf: (stdout) => {
        const from = stdout.indexOf(begin) + begin.length;
        return stdout.slice(from, stdout.indexOf(end, from)).replace(/\n$/, '');
      },
    };
  }
}
