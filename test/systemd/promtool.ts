/** promtool, which comes with Prometheus: of the lab, or this machine's own. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { treeOf } from '../lab/layers.ts';
import { runProgram, type Ran } from '../support/run-program.ts';

/** Where it is; undefined where there is none. */
export function findPromtool(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return [labFolder(), ...folders].map((folder) => join(folder, 'promtool')).find((path) => existsSync(path));
}

function labFolder(): string {
  try {
    return join(treeOf('prometheus'), 'usr/bin');
  } catch {
    return '/nonexistent';
  }
}

/** Runs it with a file of its own, which holds the value as JSON: that is YAML too. */
export async function promtoolOn(value: unknown, ...words: readonly string[]): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    const file = join(folder, 'file.yaml');
    writeFileSync(file, JSON.stringify(value));
    return await runProgram([findPromtool() ?? 'promtool', ...words, file]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs it with a text as its standard input. */
export async function promtoolReading(input: string, ...words: readonly string[]): Promise<Ran> {
  return runProgram([findPromtool() ?? 'promtool', ...words], { input });
}
