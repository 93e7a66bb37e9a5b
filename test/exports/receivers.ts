/** Programs that read exports: unpacked packages of the lab, with the libraries that they come with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonForNoLab, treeOf } from '../lab/layers.ts';
import { runProgram, type Ran } from '../support/run-program.ts';

/** Where there is a lab they are part of it: then a test must not do without. */
export const areReceiversHere = reasonForNoLab() === undefined;

/** A folder for the files of one receiver, which is gone with the test. */
export class Receiver implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'receiver-'));

  /** Writes a file, and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  /** Runs one of the programs. */
  async run(program: 'haproxy' | 'nginx' | 'postmap', ...words: readonly string[]): Promise<Ran> {
    const tree = treeOf('receivers');
    const libraries = [join(tree, 'usr/lib', `${MACHINE}-linux-gnu`), join(tree, 'usr/lib/postfix')];
    return runProgram([join(tree, 'usr/sbin', program), ...words], {
      env: { LD_LIBRARY_PATH: libraries.join(':') },
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

const MACHINE = { arm64: 'aarch64', x64: 'x86_64' }[process.arch as string] ?? process.arch;
