/** Small programs that are found in the place of real ones, which do nothing wrong when a test wants them to. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class StandIns implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'banspool-stand-in-'));
  readonly #path = process.env['PATH'] ?? '';

  constructor() {
    process.env['PATH'] = `${this.folder}:${this.#path}`;
  }

  /** As a package is installed: another file in the place of the one that runs. */
  install(name: string, script: string): void {
    const path = join(this.folder, name);
    writeFileSync(`${path}.new`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    renameSync(`${path}.new`, path);
  }

  /** The real ones are found again. */
  [Symbol.dispose](): void {
    process.env['PATH'] = this.#path;
    rmSync(this.folder, { recursive: true });
  }
}
