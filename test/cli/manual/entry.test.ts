import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describe, everyEntry } from '../../../src/cli/manual/entry.ts';
import { wholeProgram } from './whole-program.ts';

const test = suite('the manual and the completions');

/** The commands of the tables of docs/operating.md, such as `server add`, in the order of the alphabet. */
function documented(): readonly string[] {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/operating.md'), 'utf8');
  const section = /^## Commands\n[^]*?\n## /m.exec(page)?.[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const cells = rows.map((row) => row.split(' | ')[0] ?? '');
  const calls = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`([a-z]+(?: [a-z]+)*)/g), ([, call]) => call),
  );
  return [...new Set(calls.map(String))].toSorted();
}

test('know the commands that docs/operating.md knows, and no others', () => {
  const leaves = everyEntry(wholeProgram()).filter(({ children }) => children.length === 0);

  assert.equal(leaves.map(({ words }) => words.join(' ')).toSorted(), documented());
});

test('know of an option what it takes, and of a command what its help says at its end', () => {
  const program = new Command('tool').description('a tool').helpCommand(false);
  program
    .command('server')
    .description('servers')
    .helpCommand(false)
    .command('add <name>')
    .description('adds one')
    .helpOption(false)
    .option('-y, --yes', 'confirm --all')
    .option('--key <FILE>', 'its key')
    .option('--for [time]', 'how long', '1h')
    .addHelpText('after', '\nExit code 0: done.\n');

  const add = everyEntry(describe(program)).at(-1);

  assert.equal(add, {
    words: ['server', 'add'],
    usage: 'add [options] <name>',
    description: 'adds one',
    options: [
      { flags: '-y, --yes', long: '--yes', description: 'confirm --all', takes: 'nothing' },
      { flags: '--key <FILE>', long: '--key', description: 'its key', takes: 'file' },
      { flags: '--for [time]', long: '--for', description: 'how long (default: "1h")', takes: 'value' },
    ],
    remark: 'Exit code 0: done.',
    children: [],
  });
});

test.run();
