/**
 * The machine's own files as the root of another system: what is written goes into memory, above them, and is gone with
 * the test. Programs there are those of this machine, at work on the test's network.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { requirePrivateNetwork } from './namespaces.ts';
import { outputOf, runProgram, type Ran } from './run-program.ts';

export class LayeredRoot {
  readonly folder: string;
  readonly #layers: readonly string[];

  private constructor(folder: string, layers: readonly string[]) {
    this.folder = folder;
    this.#layers = layers;
  }

  /**
   * Above these layers, the uppermost first, in a mount namespace of the test's own. Accounts can be made where it is
   * not one of a user namespace.
   */
  static async mount(below: readonly string[] = ['/']): Promise<LayeredRoot> {
    requirePrivateNetwork();
    const layer = mkdtempSync(join(tmpdir(), 'layer-'));
    const [upper, work, folder] = [join(layer, 'upper'), join(layer, 'work'), join(layer, 'root')];
    for (const path of [upper, work, folder]) mkdirSync(path);
    const options = `lowerdir=${below.join(':')},upperdir=${upper},workdir=${work}`;
    await outputOf(['mount', '-t', 'overlay', 'overlay', '-o', options, folder]);
    for (const name of ['proc', 'dev', 'sys'])
      await outputOf(['mount', '--rbind', '--make-rslave', `/${name}`, join(folder, name)]);
    await outputOf(['mount', '-t', 'tmpfs', 'tmpfs', join(folder, 'run')]);
    return new LayeredRoot(folder, [upper, ...below]);
  }

  /** Ends it; others can begin above its layers, as it was. */
  async freeze(): Promise<readonly string[]> {
    await outputOf(['umount', '--recursive', this.folder]);
    return this.#layers;
  }

  /** Runs a program of that system in it. */
  async run(...argv: readonly string[]): Promise<Ran> {
    return runProgram(['chroot', this.folder, ...argv]);
  }

  /** Its output; it must succeed. */
  async output(...argv: readonly string[]): Promise<string> {
    return outputOf(['chroot', this.folder, ...argv]);
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(this.path(path));
  }

  /** Such as `0750 banspool banspool`, by the names of that system. */
  async ownership(path: string): Promise<string> {
    return (await this.output('stat', '-c', '%04a %U %G', path)).trim();
  }
}
