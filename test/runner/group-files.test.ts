import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testFile } from './find-test-files.ts';
import { groupFiles } from './group-files.ts';

const test = suite('test files');

const groupsOf = (...names: readonly string[]): readonly (readonly string[])[] =>
  groupFiles(names.map((name) => testFile('/project', `test/${name}.test.ts`))).map((group) =>
    group.map(({ name }) => name.replace(/^test\/(.*)\.test\.ts$/, '$1')),
  );

test('of one room share a process, its folders too', () => {
  assert.equal(groupsOf('cli/a', 'cli/text/b', 'domain/c'), [['cli/a', 'cli/text/b'], ['domain/c']]);
});

test('about processes, and those that stand in no room, have one each', () => {
  assert.equal(groupsOf('system/a', 'system/b', 'pages', 'promises/c'), [
    ['system/a'],
    ['system/b'],
    ['pages'],
    ['promises/c'],
  ]);
});

test('are split evenly where a room has many, each once and in their order', () => {
  const names = Array.from({ length: 40 }, (_, index) => `cli/${index}`);

  const groups = groupsOf(...names);

  assert.equal(
    groups.map(({ length }) => length),
    [14, 14, 12],
  );
  assert.equal(groups.flat(), names);
});

test.run();
