/**
 * One ipset that stands by, in its interactive mode: it does each line at once, and goes on after one that it refused.
 * Each line is followed by a question whether the member is there, which the kernel answers: that is its word that the
 * line took effect. It is asked for no list: after that of a set which is not there, ipset 7.17 and 7.22 pass over the
 * next additions without a word.
 */
import { StandingProgram } from '../processes/standing-program.ts';
import { lacksSet, saysOfMember } from '../processes/tool-words.ts';

/** More are done faster by a process, which puts many into one message to the kernel. */
const MAX_LINES = 64;

/** May come twice. */
const CHANGE = /^(add|del) (\S+) (\S+)(?: |$)/;

const GREETING = { text: 'test banspool-none 0.0.0.0\n' };

export class StandingIpset {
  readonly #program: StandingProgram;

  constructor(limitMs?: number) {
    this.#program = new StandingProgram({
      ...{ file: 'ipset', args: ['-exist', '-'] },
      greeting: () => ({
        ...GREETING,
        look: (said) => (lacksSet(said) ? 'answer' : 'unfinished'),
      }),
      ...(limitMs !== undefined && { limitMs }),
    });
  }

  /** True when each line took effect; else each may be given to a process, again. */
  async change(text: string): Promise<boolean> {
    const changes = readChanges(text);
    if (changes === undefined) {
      this.wake();
      return false;
    }
    const { kind } = await this.#program.ask({
      text: changes.map(({ line, set, member }) => `${line}\ntest ${set} ${member}\n`).join(''),
      look: ({ stderr }) => {
        const lines = stderr.split('\n').slice(0, -1);
        if (!lines.every((line, at) => isWell(changes[at], line))) return 'wrong';
        return lines.length === changes.length ? 'answer' : 'unfinished';
      },
    });
    return kind === 'answered';
  }

  /** Has it stand by a little later. */
  wake(): void {
    this.#program.wake();
  }

  close(): void {
    this.#program.close();
  }
}

interface Change {
  readonly line: string;
  readonly verb: string;
  readonly set: string;
  readonly member: string;
}

/** Undefined where they are too many, or not all of them may come twice. */
function readChanges(text: string): readonly Change[] | undefined {
  const lines = text.split('\n', MAX_LINES + 2).filter((line) => line !== '');
  const changes = lines.flatMap((line) => {
    const [whole, verb = '', set = '', member = ''] = CHANGE.exec(line) ?? [];
    return whole === undefined ? [] : [{ line, verb, set, member }];
  });
  return changes.length === lines.length && lines.length <= MAX_LINES ? changes : undefined;
}

/** What is taken out may lie in a network that stays. */
function isWell(change: Change | undefined, answer: string): boolean {
  const said = saysOfMember(answer);
  return change !== undefined && said !== undefined && (said === 'in' || change.verb === 'del');
}
