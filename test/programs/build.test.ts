/** What stands between an edit and its test: .ci/build.js, in a small project of its own. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';

const test = suite('the build');

const ROOT = join(import.meta.dirname, '../../..');

const PROGRAMS = ['.ci/build.js', '.ci/built-from', '.ci/bundle', '.ci/program'];

class Project {
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'build-'));

  constructor() {
    for (const file of [...PROGRAMS, 'package.json', 'package-lock.json', 'tsconfig.json']) {
      this.write(file, fs.readFileSync(join(ROOT, file), 'utf8'));
    }
    for (const file of PROGRAMS) fs.chmodSync(join(this.folder, file), 0o755);
    fs.symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    this.write('src/main.ts', "import { word } from './word.ts';\nconsole.log(word);\n");
    this.write('src/controller.ts', "console.log('stands all day');\n");
    this.write('src/word.ts', "export const word: string = 'first';\n");
    this.write('test/word.test.ts', "import { word } from '../src/word.ts';\nconsole.log('test', word);\n");
  }

  write(path: string, text: string): void {
    fs.mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    fs.writeFileSync(join(this.folder, path), text);
  }

  remove(path: string): void {
    fs.rmSync(join(this.folder, path));
  }

  exists(path: string): boolean {
    return fs.existsSync(join(this.folder, path));
  }

  async build(): Promise<Ran> {
    return runProgram([process.execPath, join(this.folder, '.ci/build.js')]);
  }

  /** What the program and the test print. */
  async said(): Promise<readonly string[]> {
    const ran = ['dist/banspool.js', 'dist/src/main.js', 'dist/test/word.test.js'].map(async (script) =>
      runProgram([process.execPath, '--enable-source-maps', join(this.folder, script)]),
    );
    return (await Promise.all(ran)).map(({ stdout, stderr }) => stdout.trim() + stderr);
  }

  async programSaid(...words: readonly string[]): Promise<string> {
    return outputOf([process.execPath, join(this.folder, 'dist/banspool.js'), ...words]);
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}

test('builds the program and each module, and what changed alone from then on', async () => {
  using project = new Project();

  const all = await project.build();
  const nothing = await project.build();
  project.write('src/word.ts', "export const word: string = 'second';\n");
  const one = await project.build();

  assert.equal(
    [all, nothing, one].map(({ code, stderr }) => [code, stderr]),
    [
      [0, 'build: 4 modules\n'],
      [0, ''],
      [0, 'build: 1 modules\n'],
    ],
  );
  assert.equal(await project.said(), ['second', 'second', 'test second']);
});

test('makes a program that begins a file of its own for "run" alone', async () => {
  using project = new Project();
  await project.build();

  assert.is(await project.programSaid('run', '--config', 'file'), 'stands all day\n');
  assert.is(await project.programSaid('help', 'run'), 'first\n');
});

test('builds anew what was moved into place with an old time of change', async () => {
  using project = new Project();
  await project.build();
  project.write('aside.ts', "export const word: string = 'older';\n");
  fs.utimesSync(join(project.folder, 'aside.ts'), 1, 1);

  fs.renameSync(join(project.folder, 'aside.ts'), join(project.folder, 'src/word.ts'));
  await project.build();

  assert.equal(await project.said(), ['older', 'older', 'test older']);
});

test('builds all of it anew where the means changed', async () => {
  using project = new Project();
  await project.build();

  project.write('package-lock.json', '{}');

  assert.is((await project.build()).stderr, 'build: 4 modules\n');
});

test('makes the program anew from another commit, though no module changed', async () => {
  using project = new Project();
  project.write('src/main.ts', 'console.log(BANSPOOL_BUILT_FROM);\n');
  await project.build();
  project.write('.ci/commit', `${'0123456789'.repeat(4)} 1700000000\n`);

  const built = await project.build();

  assert.equal([built.code, built.stderr], [0, '']);
  assert.equal(await project.programSaid(), 'commit 01234567, built from 2023-11-14\n');
});

test('takes away what a module left whose source is gone', async () => {
  using project = new Project();
  await project.build();

  project.remove('test/word.test.ts');
  await project.build();

  assert.not(project.exists('dist/test/word.test.js'));
  assert.not(project.exists('dist/test/word.test.js.map'));
});

test('fails at a mistake with its place, and again until it is mended', async () => {
  using project = new Project();
  await project.build();
  project.write('src/word.ts', "export const word = 'second;\n");

  const failed = [await project.build(), await project.build()];
  project.write('src/word.ts', "export const word = 'third';\n");
  const mended = await project.build();

  for (const { code, stderr } of failed) {
    assert.is(code, 1);
    assert.match(stderr, /Unterminated string literal[^]*src\/word\.ts:1:/);
  }
  assert.is(mended.code, 0);
  assert.equal(await project.said(), ['third', 'third', 'test third']);
});

test('leads a stack back to the line of the source', async () => {
  using project = new Project();
  project.write(
    'src/word.ts',
    "interface Unused {\n  a: 1;\n}\n\nexport const word: string = fail();\n\nfunction fail(): never {\n  throw new Error('here');\n}\n",
  );

  await project.build();

  for (const said of await project.said()) assert.match(said, /src\/word\.ts:8:9\)/);
});

test.run();
