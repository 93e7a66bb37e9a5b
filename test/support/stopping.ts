/** A process that is killed before one of its effects: from then on it changes nothing more. */
import { files as realFiles, type Files } from '../../src/system/files/files.ts';
import type { Run } from '../../src/system/processes/run.ts';

const CHANGES = ['write', 'remove', 'removeFolder', 'move', 'copyMissing'] as const;

/** To be killed before one of these leaves what it leaves to be killed before the next effect. */
const READERS =
  /^(?:ip6?tables|ipset|nft|git .*\b(?:for-each-ref|rev-parse|rev-list|ls-tree|ls-remote|cat-file|status|diff\S*|log|show\S*|config)\b)/;

export class Stopping {
  readonly files: Files;
  readonly run: Run;
  /** How many effects it had, or would have had. */
  steps = 0;
  readonly #last: number;

  /** It has `last` effects. */
  constructor(last: number, run: Run) {
    this.#last = last;
    const stopped = Object.fromEntries(
      CHANGES.map((name) => [
        name,
        async (...words: readonly unknown[]): Promise<void> => {
          this.#step(`${name} ${String(words[0])}`);
          await (realFiles[name] as (...all: readonly unknown[]) => Promise<void>)(...words);
        },
      ]),
    );
    const removeNow = (path: string): void => {
      this.#step(`removeNow ${path}`);
      realFiles.removeNow(path);
    };
    this.files = { ...realFiles, ...stopped, removeNow };
    this.run = async (file, words, options) => {
      const command = `${file} ${words.join(' ')}`;
      if (this.isStopped || !READERS.test(command)) this.#step(command);
      return run(file, words, options);
    };
  }

  /** True where it was killed before its end. */
  get isStopped(): boolean {
    return this.steps > this.#last;
  }

  #step(what: string): void {
    this.steps += 1;
    if (this.steps > this.#last) throw new Error(`killed before: ${what}`);
  }
}
