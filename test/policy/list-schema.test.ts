import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FILE_NAME, type ListPolicy } from '../../src/policy/list-schema.ts';
import { readPolicy } from '../../src/policy/policy.ts';

const lists = suite('lists in policy.yaml');

function listOf(text: string): ListPolicy | undefined {
  const read = readPolicy(`lists:\n  - ${text}\n`);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy.lists[0];
}

function mistakeOf(list: string): string {
  const read = readPolicy(`lists:\n  - ${list}\n`);
  return read.kind === 'mistakes' ? (read.mistakes[0]?.message ?? '') : '';
}

lists('come from a file, or from the network', () => {
  assert.equal(listOf('{ name: drop, file: drop_v4.json, stale: never, note: Spamhaus }'), {
    ...{ name: 'drop', from: { kind: 'file', file: 'drop_v4.json' }, format: undefined },
    ...{ stale: Infinity, max: 200_000, note: 'Spamhaus' },
  });
  assert.equal(listOf('{ name: level1, url: "https://lists.example/level1", every: 6h, format: plain }'), {
    name: 'level1',
    from: { kind: 'url', url: 'https://lists.example/level1', every: 6 * 3_600_000, ca: undefined },
    ...{ format: 'plain', stale: 7 * 86_400_000, max: 200_000, note: undefined },
  });
});

lists('from the network need https, unless people say that they do not', () => {
  assert.match(mistakeOf('{ name: a, url: "http://lists.example/a" }'), /use https, or set insecure: true/);
  assert.is(mistakeOf('{ name: a, url: "http://lists.example/a", insecure: true }'), '');
  assert.match(mistakeOf('{ name: a, url: "file:///etc/passwd" }'), /is not a URL that begins with https/);
});

lists('that cannot be understood are told of', () => {
  assert.match(mistakeOf('{ name: a }'), /^lists.0: expected either file or url/);
  assert.match(
    mistakeOf('{ name: a, file: a, url: "https://a.example/" }'),
    /^lists.0: expected either file or url/,
  );
  assert.match(mistakeOf('{ name: a, file: ../a }'), /"\.\.\/a" is not the name of a file/);
  assert.match(mistakeOf('{ name: A, file: a }'), /"A" is not the name of a list/);
  assert.match(mistakeOf('{ name: a.json, file: a }'), /"a.json" is not the name of a list/);
  assert.match(mistakeOf('{ name: a, file: a, format: pdf }'), /"pdf" is not plain or jsonl/);
  assert.match(mistakeOf('{ name: a, file: a }\n  - { name: a, file: b }'), /two lists are called a/);
});

lists('have files whose names lead out of no folder', () => {
  for (const name of ['', '.', '..', '.hidden', 'a/b', '/a', 'a\n', '-a'])
    assert.not(FILE_NAME.test(name), name);
  assert.ok(FILE_NAME.test('drop_v4.json'));
});

lists.run();
