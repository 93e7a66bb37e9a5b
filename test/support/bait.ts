/**
 * What no program under test may touch: links lead to it, and it is compared afterwards. Never a folder of the
 * machine.
 */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class Bait {
  readonly folder: string;
  /** A file in it. */
  readonly file: string;
  readonly #before: readonly string[];

  /** Lays it out in a new folder below `parent`. */
  constructor(parent: string) {
    this.folder = mkdtempSync(join(parent, 'bait-'));
    this.file = join(this.folder, 'file');
    writeFileSync(this.file, 'bait', { mode: 0o640 });
    mkdirSync(join(this.folder, 'closed'), { mode: 0o500 });
    writeFileSync(join(this.folder, 'closed.yaml'), 'bait', { mode: 0o400 });
    this.#before = describe(this.folder);
  }

  /** What is there now beside what was laid out: two equal lists, when nothing was touched. */
  get comparison(): readonly [now: readonly string[], before: readonly string[]] {
    return [describe(this.folder), this.#before];
  }
}

/** A line for the folder and each name in it: mode, owner, times of change, content. */
function describe(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return ['', ...names].map((name) => {
    const path = join(folder, name);
    const { mode, uid, gid, mtimeMs, ctimeMs } = lstatSync(path);
    const content = lstatSync(path).isFile() ? readFileSync(path, 'utf8') : '';
    return `${name} ${mode.toString(8)} ${uid}:${gid} ${mtimeMs} ${ctimeMs} ${content}`;
  });
}
