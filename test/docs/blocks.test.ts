/** Each block of code on the pages says how it is held true, and by something that is there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';
import { refusalText } from '../../src/domain/refusals.ts';
import { parseServices } from '../../src/domain/services.ts';
import { parseIntent } from '../../src/intent/parse.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { masked } from '../support/masked.ts';
import { BLOCKS, blocksOf, blocksOfKind, PAGES, ROOT, textOf, type Block } from './pages.ts';
import { isPartOf } from './shown.ts';

const test = suite('the blocks of the pages');

const HELD =
  /^(?:test\/(?:booted|lab): \S.*|test\/demo: npm start|test\/docs: (?:run|config|policy|intent|jail|transcript \S+)|example: (?:\S+ ){3,}\S+)$/;

test('each says on the line before it how it is held true; an example says why it cannot be run', () => {
  assert.ok(BLOCKS.length > 20);
  for (const { where, held } of BLOCKS) assert.match(held ?? 'no comment', HELD, where);
});

test('each is fenced, and ends', () => {
  for (const page of PAGES) {
    const blocks = blocksOf(page, textOf(page));
    const fences = textOf(page).match(/^ *```/gm) ?? [];
    assert.is(fences.length, blocks.length * 2, page);
    assert.equal(indentedBlocks(textOf(page)), [], page);
  }
});

test('each fits a page of GitHub, which shows 112 columns and has a scroll bar for more', () => {
  for (const { where, lines } of BLOCKS)
    assert.equal(
      lines.filter((line) => line.length > 112),
      [],
      where,
    );
});

/**
 * Lines that Markdown takes for code since four blanks stand before them after an empty line, outside of lists and
 * fences.
 */
function indentedBlocks(text: string): readonly string[] {
  const prose = text.replaceAll(/^( *)```[^]*?^\1```$/gm, '```');
  return Array.from(prose.matchAll(/\n\n(?! *[-*\d])( {4,}\S.*)/g), ([, line]) => line ?? '');
}

test('a name of commands for machines has the same commands on each page, and is run on some', () => {
  const named = new Map<string, readonly string[]>();
  for (const { where, held = '', lines } of BLOCKS.filter((block) =>
    /^test\/(?:booted|lab): /.test(block.held ?? ''),
  )) {
    assert.equal(lines, named.get(held) ?? lines, where);
    named.set(held, lines);
  }
  const used = [
    ...namesIn('test/booted', /commandsOf\('([^']*)'\)/g),
    ...namesIn('test/lab', /follow\([^']*'([^']*)'\)/g),
  ];
  assert.equal([...named.keys()].sort(), [...new Set(used)].sort());
});

/** The blocks that the files of a folder run, as the pages name them. */
function namesIn(folder: string, call: RegExp): readonly string[] {
  return readdirSync(join(ROOT, folder))
    .map((file) => readFileSync(join(ROOT, folder, file), 'utf8'))
    .flatMap((text) => Array.from(text.matchAll(call), ([, name = '']) => `${folder}: ${name}`));
}

const textIn = ({ lines }: Block): string => `${lines.join('\n')}\n`;

for (const block of blocksOfKind('config'))
  test(`${block.where} is a config`, () => {
    const read = readConfig(textIn(block));
    assert.equal(read.kind === 'mistakes' ? read.mistakes : [], []);
  });

for (const block of blocksOfKind('policy'))
  test(`${block.where} is a policy`, () => {
    const read = readPolicy(textIn(block));
    assert.equal(read.kind === 'mistakes' ? read.mistakes : [], []);
  });

for (const block of blocksOfKind('intent'))
  test(`${block.where} is an intent`, () => {
    const services = parseServices('ssh 22/tcp\nhttp 80/tcp\nhttps 443/tcp\nsmtp 25/tcp\n');
    const read = parseIntent(Buffer.from(textIn(block)), { services, operator: false });
    assert.is(read.kind === 'refused' ? refusalText(read.refusal) : 'taken', 'taken');
    assert.equal(read.kind === 'refused' ? [] : read.warnings, []);
  });

for (const block of blocksOfKind('jail'))
  test(`${block.where} is fail2ban's configuration, with actions that are ours`, () => {
    const actions = readdirSync(join(ROOT, 'action.d')).map((name) => name.replace(/\.conf$/, ''));
    for (const line of block.lines) {
      assert.match(line, /^(?:|[#;].*|\[[\w.-]+\]|\w+ *= *.*|\s+\S.*)$/);
      const [, named] = /^banaction(?:_allports)? *= *(\S+)/.exec(line) ?? [];
      assert.ok(named === undefined || actions.includes(named), line);
    }
  });

for (const block of blocksOfKind('transcript'))
  test(`${block.where} stands in ${block.held?.split(' ').at(-1)}`, () => {
    const path = join(ROOT, 'test/promises/transcripts', `${block.held?.split(' ').at(-1)}.txt`);
    const lines = readFileSync(path, 'utf8').split('\n');
    const shown = masked(textIn(block)).trimEnd().split('\n');
    if (!isPartOf(lines, shown)) assert.fixture(lines.join('\n'), shown.join('\n'));
  });

test.run();
