import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { fill } from '../../../src/cli/manual/fill.ts';
import { makePart } from '../../../src/cli/manual/parts.ts';
import { described, sendHelp, wholeProgram } from './whole-program.ts';

const test = suite('the pages of the manual');

const DOCS = join(import.meta.dirname, '../../../../docs');
const NAMES = readdirSync(join(DOCS, 'man'));

const textOf = (name: string): string => readFileSync(join(DOCS, name), 'utf8');

test('say what the program says now; npm run manual writes them anew', async () => {
  const origin = { program: wholeProgram(), sendHelp: await sendHelp() };

  assert.ok(NAMES.length > 15);
  for (const name of ['configuration.md', ...NAMES.map((page) => join('man', page))])
    assert.fixture(
      textOf(name),
      fill(textOf(name), (words) => makePart(words, origin)),
      name,
    );
});

test('are one for each command and each file, with examples and all that is made of the program', () => {
  const commands = wholeProgram().children.map(({ words }) => words.join('-'));

  assert.equal(
    NAMES.toSorted(),
    [
      ...[...commands.map((name) => `banspool-${name}.1.md`), 'banspool.1.md'],
      ...['config.5', 'intent.5', 'policy.5', 'saved-sets.8', 'send.8'].map((name) => `banspool-${name}.md`),
    ].toSorted(),
  );
  for (const name of NAMES) {
    const headings = Array.from(textOf(join('man', name)).matchAll(/^## (.*)$/gm), ([, heading]) => heading);
    assert.equal(
      [headings.slice(0, 3), headings.slice(-2)],
      [
        ['NAME', 'SYNOPSIS', 'DESCRIPTION'],
        ['EXAMPLES', 'SEE ALSO'],
      ],
      name,
    );
  }
  for (const {
    words: [name = ''],
    remark,
  } of wholeProgram().children) {
    const page = textOf(`man/banspool-${name}.1.md`);
    const parts = ['name', 'synopsis', 'options', ...(remark === '' ? [] : ['remark'])];
    for (const part of parts)
      assert.ok(page.includes(`<!-- manual: ${part} ${name} -->\n`), `${part} ${name}`);
  }
});

test('have every option of every command, with what it does', () => {
  const program = wholeProgram();
  const plain = (text: string): string => text.replaceAll('\\', '');

  for (const entry of everyEntry(program)) {
    const text = plain(makePart(`options ${entry.words.join(' ')}`.trim(), { program, sendHelp: '' }));
    const options = entry.children.length > 0 && entry.words.length > 0 ? [] : entry.options;
    for (const { flags, description } of [
      ...options,
      ...entry.children.flatMap((child) => (entry.words.length > 0 ? child.options : [])),
    ])
      assert.ok(text.includes(`- \`${flags}\`: ${description}`), flags);
  }
});

test('show commands as they are typed, and text that Markdown reads as it is', () => {
  const origin = { program: described('try *all* of <it>'), sendHelp: '' };

  assert.is(makePart('name try', origin), String.raw`banspool-try - try \*all\* of \<it>`);
  assert.is(makePart('synopsis try', origin), '`banspool try [--all]`');
  assert.is(makePart('options try', origin), String.raw`- ${'`--all`'}: try \*all\* of \<it>`);
  assert.is(
    makePart('commands', origin),
    String.raw`- [banspool-try(1)](banspool-try.1.md): try \*all\* of \<it>`,
  );
});

test('tell of each key its default, as it is written in the file', () => {
  const origin = { program: wholeProgram(), sendHelp: '' };

  assert.match(makePart('keys config', origin), /^- `hooks`: .*\. Default: `\[INPUT, FORWARD\]`$/m);
  assert.match(makePart('table', origin), /^\| `rejected` \| `rejected` beside the state \| refused files/m);
  assert.match(makePart('keys policy net', origin), /^- `net`: an IPv4 or IPv6 address or CIDR$/m);
  assert.match(makePart('keys config fleet', origin), /^- `engine`: .*\. Default: `folder`$/m);
  assert.match(makePart('table fleet', origin), /^\| `name` \| {2}\| the name of this firewall/m);
  assert.match(makePart('keys policy peer', origin), /^- `lifts`: .*\. Default: 1000$/m);
  assert.match(makePart('keys policy publish', origin), /^- `servers`: .*\. Default: all$/m);
  assert.match(makePart('intents', origin), /^- `flush`: ends all claims/m);
});

test('have no part that nobody makes', () => {
  const origin = { program: wholeProgram(), sendHelp: '' };

  assert.throws(() => makePart('nothing ban', origin), 'no part of the manual is called nothing ban');
  assert.throws(() => makePart('name bann', origin), 'banspool has no command bann');
  assert.throws(() => makePart('keys spool', origin), 'there are no keys of spool');
});

test.run();
