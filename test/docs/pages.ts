/** The pages for people who use the program, and the blocks of code on them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Block {
  /** Such as `docs/policy.md line 12`: where its fence opens. */
  readonly where: string;
  /** What the comment on the line before says: `test/docs: run` of `<!-- test/docs: run -->`. */
  readonly held: string | undefined;
  readonly lines: readonly string[];
}

export const ROOT = join(import.meta.dirname, '../../..');

/** README.md and all that stands in docs/. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
];

export const BLOCKS: readonly Block[] = PAGES.flatMap((page) => blocksOf(page, textOf(page)));

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The fenced blocks of a page. One that does not end takes in the rest of the page. */
export function blocksOf(page: string, text: string): readonly Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (
    let open = lines.findIndex(isFence);
    open !== -1;
    open = lines.findIndex((line, at) => at > open && isFence(line))
  ) {
    const begin = open;
    const indent = lines[begin]?.search(/\S/) ?? 0;
    const end = lines.findIndex((line, at) => at > begin && /^ *```$/.test(line));
    open = end === -1 ? lines.length : end;
    blocks.push({
      where: `${page} line ${begin + 1}`,
      held: /^ *<!-- (.*) -->$/.exec(lines[begin - 1] ?? '')?.[1],
      lines: lines.slice(begin + 1, open).map((line) => line.slice(indent)),
    });
  }
  return blocks;
}

/** Blocks of one kind: those of `run` have `test/docs: run`. */
export function blocksOfKind(kind: string): readonly Block[] {
  return BLOCKS.filter(({ held }) => held?.split(' ').slice(0, 2).join(' ') === `test/docs: ${kind}`);
}

/** The block of commands below the line `<!-- HELD -->`, which no reader of the page sees, so that they cannot rot. */
export function commandsOf(held: string): string {
  const block = BLOCKS.find((each) => each.held === held);
  if (block === undefined) throw new Error(`no page has commands below <!-- ${held} -->`);
  return block.lines.join('\n').trim();
}

function isFence(line: string): boolean {
  return /^ *```/.test(line);
}
