import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/config/config.ts';
import { partsOf } from '../../../src/cli/support/parts.ts';
import { readmeOf } from '../../../src/cli/support/readme.ts';

const test = suite('the first file of a support archive');

test('says of every other file what it is', () => {
  const read = readConfig('fleet: { name: fw1 }');
  if (read.kind !== 'config') throw new Error(JSON.stringify(read.mistakes));
  const files = partsOf({ config: read.config, configPath: '/c.yaml', banspool: ['banspool'] }).map(
    ({ file }) => ({
      name: file,
    }),
  );

  const text = readmeOf({ files, replaced: undefined });

  for (const { name } of files) assert.match(text, new RegExp(`^  ${name} +[a-z]`, 'm'));
  assert.match(text, 'banspool support --redact');
});

test('says which placeholders there are', () => {
  const text = readmeOf({
    files: [],
    replaced: new Map([
      ['server', 3],
      ['note', 1],
    ]),
  });

  assert.match(text, '  server-1 to server-3\n  note-1\n');
  assert.not.match(text, '--redact replaces');
});

test.run();
