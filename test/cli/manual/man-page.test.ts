import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { manPage } from '../../../src/cli/manual/man-page.ts';
import { described, wholeProgram } from './whole-program.ts';

const test = suite('the manual page');

test('says of each command and each option what it does, under the words that call it', () => {
  const entries = everyEntry(wholeProgram()).slice(1);

  const page = manPage(wholeProgram(), '1.2.3').replaceAll('\\', '');

  assert.not.match(page, /undefined|\[object/);
  for (const { words, description, options, children } of entries) {
    const sentence = `${description.charAt(0).toUpperCase()}${description.slice(1)}.`;
    const call = ['.SS banspool', ...words].join(' ');
    if (children.length === 0) assert.match(page, new RegExp(`^${call}( .*)?\n${escaped(sentence)}$`, 'm'));
    for (const option of options)
      assert.ok(page.includes(`.TP\n.B ${option.flags}\n${option.description}\n`), option.flags);
  }
  const sections = Array.from(page.matchAll(/^\.SS banspool ?(\S*)/gm), ([, command]) => command);
  assert.ok(sections.length > 10 && sections.every((command) => /^[a-z]+$/.test(command ?? '')));
});

test('prints text as it is, whatever roff would take it for', () => {
  const page = manPage(described(".PP \\fB --no-pack\n'br"), '1.2.3');

  assert.ok(page.includes("\n.SH DESCRIPTION\n\\&.PP \\efB \\-\\-no\\-pack\n\\&'br\n"), page);
  assert.match(page, /^\.TH BANSPOOL 8 "" "banspool 1\.2\.3" /);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

test.run();
