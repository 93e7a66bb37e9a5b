import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { zshCompletion } from '../../../src/cli/manual/zsh.ts';
import { isInstalled } from '../../../src/system/processes/run.ts';
import { outputOf } from '../../support/run-program.ts';
import type { Sandbox } from '../../support/sandbox.ts';
import { lineOf, pathWith, sandboxWithWords } from './sandbox-with-words.ts';
import { described, wholeProgram } from './whole-program.ts';

const test = suite('the completion for zsh');

test('says of each command and each option what it does', () => {
  const script = zshCompletion(wholeProgram()).replaceAll(`'\\''`, "'").replaceAll('\\', '');

  assert.not.match(script, /undefined|\[object/);
  for (const { words, description, options } of everyEntry(wholeProgram()).slice(1)) {
    const name = words.at(-1) ?? '';
    assert.ok(script.includes(`'${name}:${description}'`), name);
    assert.ok(script.includes(`\n${['_banspool', ...words].join('-')}() {\n`), name);
    for (const { long, takes, wants, choices, description: does } of options) {
      const listed = choices === undefined ? ' ' : `(${choices.join(' ')})`;
      const value = `:value:${wants === undefined ? listed : `_banspool_words ${wants}`}`;
      const argument = { nothing: '', file: ':file:_files', value }[takes];
      assert.ok(script.includes(`'${long}${takes === 'nothing' ? '' : '='}[${does}]${argument}'`), long);
    }
  }
});

test('quotes what zsh would take for the end of a text', () => {
  const script = zshCompletion(described("it's [one]: a"));

  assert.ok(script.includes(String.raw`    'try:it'\''s \[one\]\: a'`), script);
  assert.ok(script.includes(String.raw`'--all[it'\''s \[one\]\: a]'`), script);
});

test('offers in zsh what the program knows, after a blank and behind an equals sign', async () => {
  if (!isInstalled('zsh')) return;
  await using sandbox = await sandboxWithWords();
  const after = async (...words: readonly string[]): Promise<string> => completedByZsh(sandbox, words);

  assert.is(await after('unban', '203.0.113.9', '203.0.113.7'), '203.0.113.70');
  assert.is(await after('why', '2001:db8:7'), '2001:db8:7::7');
  assert.is(await after('server remove', 'web-'), 'web-1');
  assert.is(await after('list', '--family=ipv6', '--sort', 'pa'), 'packets');
  assert.is(await after('history', '--jail=ng'), '--jail=nginx-limit_req.x');
});

/** The last word of the line after Tab was pressed behind these. */
async function completedByZsh(sandbox: Sandbox, words: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(sandbox.folder, 'zsh-'));
  writeFileSync(join(folder, '_banspool'), zshCompletion(wholeProgram()));
  const start = [
    `fpath=(${folder} $fpath); autoload -U compinit; compinit -u -D`,
    'show() { zle complete-word; print -r -- "GO""T=$BUFFER=GOT"; exit }',
    "zle -N show; bindkey '^X' show; print BE''GIN",
  ];
  const line = lineOf(sandbox, words);
  const typed = JSON.stringify([start.join('; ') + '\n', line + '\x18']);
  const said = await outputOf(['python3', '-c', TYPING, typed], { env: pathWith(sandbox) });
  return /GOT=(.*?)=GOT/s.exec(said)?.[1]?.replace(/\s+$/, '').split(' ').at(-1) ?? said;
}

/** Types at a terminal with zsh: the second text when the first has been run. */
const TYPING = `
import json, os, pty, sys
first, second = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM='dumb', PS1='')
    os.execvp('zsh', ['zsh', '-f', '-i'])
os.write(terminal, first.encode())
said, typed = b'', False
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:
        break
    if not more:
        break
    said += more
    if not typed and b'BEGIN' in said:
        os.write(terminal, second.encode())
        typed = True
print(said.decode('utf8', 'replace'))
`;

test.run();
