import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { clearStaleLocks } from '../../../src/ledger/git/stale-locks.ts';
import { commit, git, ledgerSuite } from '../ledger-suite.ts';

const locks = ledgerSuite('locks that a killed git left');

locks('go wherever a commit, a ref or a gc puts them, also of a branch in a folder', async ({ world }) => {
  const { config, files } = world;
  commit(world, {});
  git(world, 'checkout', '--quiet', '-b', 'trial/one');
  const left = [
    'index',
    'HEAD',
    'refs/heads/trial/one',
    'logs/refs/heads/trial/one',
    'objects/info/commit-graph',
  ];
  const paths = left.map((name) => join(config.state, '.git', `${name}.lock`));
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  }

  const cleared = await clearStaleLocks(config.state, files, () => false);
  const again = await clearStaleLocks(config.state, files, () => false);

  assert.equal([cleared, again], [true, false]);
  assert.equal(
    paths.filter((path) => existsSync(path)),
    [],
  );
});

locks('stay where somebody may hold them, or took them meanwhile', async ({ world }) => {
  const { config, files } = world;
  commit(world, {});
  const path = join(config.state, '.git/index.lock');
  writeFileSync(path, '');

  const held = await clearStaleLocks(config.state, files, (lock) => lock === path);
  const taken = await clearStaleLocks(config.state, files, (lock) => {
    writeFileSync(lock, 'anew');
    return false;
  });

  assert.equal([held, taken, existsSync(path)], [false, false, true]);
});

locks.run();
