import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bashCompletion } from '../../src/cli/manual/bash.ts';
import { describe, everyEntry } from '../../src/cli/manual/entry.ts';
import { fishCompletion } from '../../src/cli/manual/fish.ts';
import { manPage } from '../../src/cli/manual/man-page.ts';
import { zshCompletion } from '../../src/cli/manual/zsh.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { Given } from '../../src/system/given.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite('the manual and the completions');

const silent = (): void => undefined;
const program = makeProgram({
  io: { out: silent, err: silent, color: false, isTerminal: false, env: {}, given: new Given({}) },
  exitCode: 0,
});
const entry = describe(program);

/** What bash offers when Tab is pressed after these words. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const script = `${bashCompletion(entry)}
    compopt() { :; }
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _banspool
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = await outputOf(['bash', '-c', script, 'bash', 'banspool', ...words]);
  return offered.split('\n').filter((line) => line !== '');
}

/** The commands of README.md's table, such as `server add`, in the order of the alphabet. */
function documented(): readonly string[] {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const table = /^\| `run` \|[^]*?\n\n/m.exec(readme)?.[0] ?? '';
  const cells = table.split('\n').map((row) => row.split(' | ')[0] ?? '');
  const calls = cells.flatMap((cell) =>
    Array.from(cell.matchAll(/`([a-z]+(?: [a-z]+)*)/g), ([, call]) => call),
  );
  return [...new Set(calls.map(String))].toSorted();
}

test('know the commands that README.md knows, and no others', () => {
  const leaves = everyEntry(entry).filter(({ children }) => children.length === 0);

  assert.equal(leaves.map(({ words }) => words.join(' ')).toSorted(), documented());
});

test('know every command and every option of the program', () => {
  const texts = [manPage(entry, '1.2.3').replaceAll('\\', ''), zshCompletion(entry), fishCompletion(entry)];

  for (const { words, options } of everyEntry(entry)) {
    for (const text of texts) {
      assert.ok(words.every((word) => text.includes(word)));
      assert.ok(options.every(({ long }) => text.includes(long) || text.includes(`-l ${long.slice(2)} `)));
    }
  }
});

test('say of each command and each option what it does, and name the program nowhere as one of its commands', () => {
  const [page, zsh, fish] = [
    manPage(entry, '1.2.3').replaceAll('\\', ''),
    zshCompletion(entry),
    fishCompletion(entry),
  ];
  const plain = (text: string): string => text.replaceAll(`'\\''`, "'").replaceAll('\\', '');

  for (const text of [page, zsh, fish]) assert.not.match(text, /undefined|\[object/);
  for (const { words, description, options, children } of everyEntry(entry).slice(1)) {
    const name = words.at(-1) ?? '';
    assert.ok(plain(zsh).includes(`'${name}:${description}'`), name);
    assert.ok(plain(fish).includes(` -a ${name} -d '${description}'`), name);
    if (children.length === 0)
      assert.ok(page.includes(`${description.charAt(0).toUpperCase()}${description.slice(1)}.`), name);
    for (const option of options) {
      assert.ok(plain(zsh).includes(`${option.long}[${option.description}]`), option.long);
      assert.match(plain(fish), `-l ${option.long.slice(2)}`);
      assert.ok(plain(fish).includes(` -d '${option.description}'`), option.long);
      assert.ok(page.includes(option.description), option.long);
    }
  }
  const sections = Array.from(page.matchAll(/^\.SS banspool ?(\S*)/gm), ([, command]) => command);
  assert.ok(
    sections.length > 10 && sections.every((command) => /^[a-z]+$/.test(command ?? '')),
    sections.join(),
  );
  assert.equal(Array.from(fish.matchAll(/ -a (\S*) /g), ([, word]) => word).includes('banspool'), false);
});

test('offer the commands in bash', async () => {
  assert.equal(await completed('un'), ['unban']);
  assert.equal(await completed('wh'), ['why']);
});

test('offer the options of the command that stands on the line', async () => {
  assert.equal(await completed('ban', '--'), [
    '--config',
    '--for',
    '--jail',
    '--reason',
    '--confirm',
    '--force',
    '--wait',
    '--help',
  ]);
  assert.equal(await completed('ban', '192.0.2.1', '--f'), ['--for', '--force']);
});

test('offer files where an option wants one, and nothing where it wants a value', async () => {
  assert.equal(await completed('status', '--config', '/etc/os-rel'), ['/etc/os-release']);
  assert.equal(await completed('ban', '--for', ''), []);
});

test.run();
