import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filesIn, readBlobs } from '../../../src/replay/history/blobs.ts';
import { MadeUpHistory } from '../made-up-history.ts';

const test = suite('replay/blobs');

test('are the texts of all files of a commit below the folders, whatever they hold', async () => {
  const history = new MadeUpHistory();
  const texts = {
    'claims/ipv4/1.yaml': 'a\nb\n',
    'claims/ipv4/2.yaml': 'ü €\n',
    'claims/ipv4/3.yaml': '\n\n',
    'claims/strange name.yaml': 'a\nb\n',
    'peers/heard.yaml': `${'0'.repeat(40)} blob 3\nabc`,
  };
  history.commit(Date.UTC(2026, 10, 1), { ...texts, 'policy.yaml': '{}\n' });
  await history.write();

  const files = await filesIn(history.read, 'HEAD', ['claims', 'peers']);
  const found: [string, string | undefined][] = [];
  for await (const [{ path }, text] of readBlobs(history.read, files)) found.push([path, text]);

  const trimmed = found.map(([path, text]) => [path, text?.trimEnd()] as const);
  assert.equal(
    Object.fromEntries(trimmed),
    Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, text.trimEnd()])),
  );
});

test('are asked for in answers of a bounded size; what is larger than one is not read', async () => {
  const asked: number[] = [];
  const files = Array.from({ length: 1_000 }, (_, index) => ({
    path: `claims/${index}.yaml`,
    object: String(index).padStart(40, '0'),
    bytes: index === 500 ? 100_000_000 : 5,
  }));
  const read = async (_args: readonly string[], input = ''): Promise<string> => {
    const objects = input.trimEnd().split('\n');
    asked.push(objects.length);
    return Promise.resolve(objects.map((object) => `${object} blob 5\nabcd\n\n`).join(''));
  };

  const missing: string[] = [];
  for await (const [{ path }, text] of readBlobs(read, files)) {
    if (text === undefined) missing.push(path);
    else assert.is(text.trimEnd(), 'abcd', path);
  }

  assert.equal(missing, ['claims/500.yaml']);
  assert.ok(Math.max(...asked) <= 512, String(asked));
});

test.run();
