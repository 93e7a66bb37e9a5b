/**
 * Builds what changed since the last time: each module of src/ and test/ into dist/, for the tests, and dist/banspool.js,
 * the program. esbuild takes the types out, file by file, and checks none of them: `npm run lint` does, with tsc.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));

const STAMP = 'dist/.built';
const NEXT_STAMP = 'dist/.building';

/** What all that is built depends on. */
const MEANS = [
  '.ci/build.js',
  '.ci/built-from',
  '.ci/bundle',
  '.ci/program',
  'package-lock.json',
  'tsconfig.json',
];

/** Node loads what was built under the name of its source but for the end. */
const specifiers = {
  name: 'specifiers',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ kind, path }) =>
      kind === 'entry-point' ? undefined : { path: path.replace(/\.ts$/, '.js'), external: true },
    );
  },
};

const files = ['src', 'test'].flatMap((folder) => filesIn(folder, '.ts'));
removeWithoutSource(new Set(files));
const changed = findChanged(files);
// The program tells its commit, so another one makes it anew, whatever changed in between.
const builtFrom = spawnSync('.ci/built-from', {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
}).stdout;
const isSameProgram =
  existsSync('dist/banspool.js') && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === builtFrom;
if (changed.length > 0 || !isSameProgram) {
  if (changed.length > 0) console.error(`build: ${changed.length} modules`);
  // From before the build, so that a file that is saved meanwhile counts as newer.
  mkdirSync('dist', { recursive: true });
  writeFileSync(NEXT_STAMP, builtFrom);
  try {
    await emit(changed);
  } catch {
    // esbuild has said what is wrong, and where.
    process.exit(1);
  }
  if (changed.some((file) => file.startsWith('src/')) || !isSameProgram) bundle();
  renameSync(NEXT_STAMP, STAMP);
}

function filesIn(folder, end) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith(end)).map((name) => join(folder, name));
}

/** A module that is gone must not be found by those that still import it, nor a test be run. */
function removeWithoutSource(sources) {
  for (const file of ['dist/src', 'dist/test'].flatMap((folder) => filesIn(folder, '.js'))) {
    if (sources.has(file.replace(/^dist\/(.*)\.js$/, '$1.ts'))) continue;
    rmSync(file);
    rmSync(`${file}.map`, { force: true });
  }
}

function findChanged(all) {
  if (!existsSync(STAMP)) return all;
  const builtAt = statSync(STAMP).mtimeMs;
  // The inode's own time: a file that was moved or copied into place may have an old one of its contents.
  const isNewer = (file) => statSync(file).ctimeMs >= builtAt;
  if (MEANS.some(isNewer)) return all;
  return all.filter((file) => isNewer(file) || !existsSync(outputOf(file)));
}

function outputOf(file) {
  return join('dist', file.replace(/\.ts$/, '.js'));
}

async function emit(entryPoints) {
  const { build } = await import('esbuild');
  await build({
    ...{ entryPoints, outbase: '.', outdir: 'dist', format: 'esm', platform: 'node', target: 'node20.19' },
    // Only a bundle has its specifiers resolved. Nothing goes into it but the module itself.
    ...{ bundle: true, packages: 'external', plugins: [specifiers], treeShaking: false },
    ...{ sourcemap: true, sourcesContent: false, logLevel: 'warning' },
  });
}

function bundle() {
  const words = ['dist', '--sourcemap', '--sources-content=false'];
  const { status } = spawnSync('.ci/program', words, { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
