/** What a build says that it is built from: .ci/built-from, in folders with and without a repository. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../support/run-program.ts';

const test = suite('what a build is built from');

const ROOT = join(import.meta.dirname, '../../..');
const COMMITTED_AT = '2026-11-28T23:30:00-02:00';

class Source {
  readonly folder: string;

  constructor(parent = tmpdir()) {
    this.folder = fs.mkdtempSync(join(parent, 'built-from-'));
    fs.mkdirSync(join(this.folder, '.ci'));
    for (const file of ['.ci/built-from', '.ci/commit', '.gitattributes']) {
      fs.copyFileSync(join(ROOT, file), join(this.folder, file));
    }
  }

  async git(...words: readonly string[]): Promise<string> {
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    const env = { GIT_AUTHOR_DATE: COMMITTED_AT, GIT_COMMITTER_DATE: COMMITTED_AT };
    return (await outputOf(['git', '-C', this.folder, ...who, ...words], { env })).trim();
  }

  /** Resolves with the first eight digits of the commit. */
  async commitAll(): Promise<string> {
    await this.git('init', '--quiet');
    await this.git('add', '.');
    await this.git('commit', '--quiet', '--message=all of it');
    return (await this.git('rev-parse', 'HEAD')).slice(0, 8);
  }

  async builtFrom(env: Readonly<NodeJS.ProcessEnv> = {}): Promise<string> {
    return outputOf([join(this.folder, '.ci/built-from')], { env: { SOURCE_DATE_EPOCH: '', ...env } });
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}

test('is the commit and its day in UTC, wherever it is built', async () => {
  using source = new Source();
  const commit = await source.commitAll();

  assert.is(await source.builtFrom({ TZ: 'Pacific/Honolulu' }), `commit ${commit}, built from 2026-11-29\n`);
});

test('tells of changes that no commit has, also of a file that git does not know', async () => {
  using source = new Source();
  const commit = await source.commitAll();
  fs.writeFileSync(join(source.folder, 'new.ts'), '');

  assert.is(await source.builtFrom(), `commit ${commit} and changes, built from 2026-11-29\n`);
});

test('is the commit in an archive that git made too', async () => {
  using source = new Source();
  const commit = await source.commitAll();
  using unpacked = new Source();
  await source.git('archive', '--output=source.tar', 'HEAD');
  await outputOf(['tar', '-C', unpacked.folder, '-xf', join(source.folder, 'source.tar')]);

  assert.is(await unpacked.builtFrom(), `commit ${commit}, built from 2026-11-29\n`);
});

test('is the day of SOURCE_DATE_EPOCH where that is said', async () => {
  using source = new Source();

  assert.is(
    await source.builtFrom({ SOURCE_DATE_EPOCH: '1700000000' }),
    'unknown commit, built from 2023-11-14\n',
  );
});

test('is unknown without a repository, and in a folder of another project', async () => {
  using outer = new Source();
  await outer.commitAll();
  using inner = new Source(outer.folder);
  using alone = new Source();

  assert.equal([await inner.builtFrom(), await alone.builtFrom()], ['unknown commit\n', 'unknown commit\n']);
});

test.run();
