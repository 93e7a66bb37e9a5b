/** A history in git, made by the real fold from what servers say at given times; or of files as a test has them. */
import { mkdtempSync } from 'node:fs';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import type { ReadGit } from '../../src/ledger/git/commit-log.ts';
import { encodePart, partsOf } from '../../src/ledger/store/parts.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { run } from '../../src/system/processes/run.ts';
import { outputOf } from '../support/run-program.ts';

type Texts = Readonly<Record<string, string>>;

export class MadeUpHistory {
  readonly folder = mkdtempSync('/run/banspool-replay-');
  /** As the last fold left it. */
  state: State = EMPTY_STATE;
  readonly #stream: string[] = [];
  #files: Texts = {};
  #own: Texts = {};
  #isWritten = false;

  /** What servers say at a whole second, in milliseconds since 1970; a commit where that changes a file. */
  say(time: number, sent: readonly SentIntent[], own: Texts = {}): void {
    this.pass(time, sent);
    this.#own = { ...this.#own, ...own };
    const parts = Array.from(partsOf(this.state, () => undefined));
    this.commit(time, {
      ...this.#own,
      ...Object.fromEntries(parts.map(([path, part]) => [path, encodePart(path, part)])),
    });
  }

  /** The same without a commit: what ends by itself is committed with the next change. */
  pass(time: number, sent: readonly SentIntent[] = []): void {
    this.state = fold(this.state, sent, time);
  }

  /** All files from then on; a commit where one of them is another than before. */
  commit(time: number, files: Texts): void {
    if (JSON.stringify(files) === JSON.stringify(this.#files)) return;
    this.#files = files;
    const texts = Object.entries(files).map(([path, text]) => {
      return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    });
    const head = `commit refs/heads/main\ncommitter a <a@example.net> ${time / 1000} +0000\ndata 1\nx\n`;
    this.#stream.push(`${head}deleteall\n${texts.join('')}`);
  }

  /** Has git take in all of it; what is said later is not in it. */
  async write(): Promise<void> {
    if (this.#isWritten) return;
    this.#isWritten = true;
    await outputOf(['git', 'init', '--quiet', '--initial-branch=main', '--template=', this.folder]);
    await outputOf(['git', '-C', this.folder, 'fast-import', '--quiet'], { input: this.#stream.join('') });
  }

  readonly read: ReadGit = async (args, input) => {
    const options = { cwd: this.folder, ...(input !== undefined && { input }) };
    const { exitCode, stdout, stderr } = await run('git', args, options);
    if (exitCode !== 0) throw new BanspoolError('command-failed', stderr);
    return stdout;
  };
}
