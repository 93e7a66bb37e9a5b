/** Finds the compiled test files. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface TestFile {
  /** The source as people name it, such as test/domain/net.test.ts. */
  readonly name: string;
  readonly source: string;
  readonly script: string;
  /** What it finds in its environment beside the runner's. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Every dist/test/….test.js of the project at `root` whose name holds one of `filters`, in the order of their names.
 * A script whose source is gone is what an earlier build left.
 */
export function findTestFiles(root: string, filters: readonly string[]): readonly TestFile[] {
  return readdirSync(join(root, 'dist/test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.js'))
    .map((path) => testFile(root, `test/${path.replace(/\.js$/, '.ts')}`))
    .filter(({ source }) => existsSync(source))
    .filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file of that name, whether or not it looks like a test. */
export function testFile(root: string, name: string): TestFile {
  return { name, source: join(root, name), script: join(root, 'dist', name.replace(/\.ts$/, '.js')) };
}
