/**
 * Turns a page of docs/man, in the part of Markdown that these pages are written in, into man(7): a title such as
 * `# banspool(1)`, headings, paragraphs, lists (of terms too: `- \`term\`: text`), fenced blocks, code, emphasis and
 * links. Comments go; all else that would be lost, such as a table, throws.
 */
import { unescaped } from './markdown.ts';

/** Renders one page, with the version of the program in its footer. */
export function roffOf(page: string, version: string): string {
  const [, name = '', section = ''] = /^# ([\w.-]+)\((\d)\)$/m.exec(page) ?? [];
  const manual = MANUALS[section];
  if (manual === undefined)
    throw new Error(`the page has no title such as # banspool(1): ${page.slice(0, 40)}`);
  const blocks = blocksOf(page).filter((block) => !block.startsWith('# '));
  return [
    `.TH ${plain(name.toUpperCase())} ${section} "" "banspool ${version}" "${manual}"`,
    ...LEFT,
    ...blocks.map((block, index) => render(block, blocks[index - 1] ?? '')),
    '',
  ].join('\n');
}

/** Narrow columns of a terminal are read without wide gaps and parted words. */
const LEFT: readonly string[] = ['.nh', '.ad l'];

/** By their section, as man-pages(7) calls them. */
const MANUALS: Readonly<Record<string, string>> = {
  1: 'User Commands',
  5: 'File Formats',
  8: 'System Administration',
};

/** Parts between empty lines; an item of a list is one by itself, and so is a fenced block. */
function blocksOf(page: string): readonly string[] {
  const text = page.replaceAll(/^ *<!-- .* -->\n/gm, '');
  return text.split(/(^```[^]*?^```$)/m).flatMap((part) =>
    part.startsWith('```')
      ? [part]
      : part
          .split(/\n{2,}|\n(?=- )/)
          .map((block) => block.trim())
          .filter((block) => block !== ''),
  );
}

function render(block: string, before: string): string {
  const [, marks, heading = ''] = /^(#{2,3}) (.*)$/.exec(block) ?? [];
  if (marks === '##') return `.SH ${plain(heading)}`;
  if (marks === '###') return `.SS ${inline(heading)}`;
  if (block.startsWith('```')) return fenced(block);
  if (/^[|#>]/.test(block)) throw new Error(`cannot be shown by man: ${block}`);
  const [, term, text = ''] =
    /^- ((?:`[^`]*`|\[[^\]]*\]\([^)]*\))(?:, `[^`]*`)*)(?:: ([^]*))?$/.exec(block) ?? [];
  if (term !== undefined) return ['.TP', inline(term), ...(text === '' ? [] : [inline(text)])].join('\n');
  if (block.startsWith('- ')) return `.IP \\(bu 2\n${inline(block.slice(2))}`;
  return `${/^#+ /.test(before) ? '' : '.PP\n'}${inline(block)}`;
}

/** At an indent, and line by line as it stands. */
function fenced(block: string): string {
  const lines = block.split('\n').slice(1, -1);
  return ['.PP', '.RS 4', '.EX', ...lines.map(plain), '.EE', '.RE'].join('\n');
}

/** One line of roff for each line of text, with fonts. */
function inline(text: string): string {
  const parts = text.split(/((?<!\\)`[^`]*`|(?<!\\)\[[^\]]*\]\([^)]*\)|(?<![\\\w])\*[^*\n]+\*)/);
  return guarded(
    parts
      .map((part) => {
        if (/^`.*`$/s.test(part)) return code(part.slice(1, -1));
        const [, label, target] = /^\[(.*)\]\((.*)\)$/s.exec(part) ?? [];
        if (label !== undefined && target !== undefined) return link(label, target);
        if (/^\*.+\*$/.test(part)) return `\\fI${letters(part.slice(1, -1))}\\fR`;
        return pagesBold(letters(unescaped(part)));
      })
      .join('')
      .replaceAll(/\n +/g, '\n'),
  );
}

/** What stands for something else is in italics, as `<time>` of an option. No word is parted, and no `[--option X]`. */
function code(text: string): string {
  const words = letters(text)
    .replaceAll(/\[[^[\]]*\]/g, (optional) => optional.replaceAll(' ', '\\ '))
    .replaceAll(/(?<=^|[^\\] )/g, '\\%');
  return `\\fB${words.replaceAll(/<([^<>]*)>/g, '\\fI$1\\fB')}\\fR`;
}

/** Another page of the manual by its name, a page of docs/ by where the package puts it. */
function link(label: string, target: string): string {
  if (/^[\w.-]+\(\d\)$/.test(label)) return pagesBold(letters(label));
  const path = target.replace(/#.*/, '');
  const place = /^https?:/.test(path)
    ? path
    : new URL(path, 'file:///usr/share/doc/banspool/docs/man/').pathname;
  return `${pagesBold(letters(label))} \\%(${letters(place)})`;
}

function pagesBold(text: string): string {
  return text.replaceAll(/([\w.](?:[\w.]|\\-)*)\((\d)\)/g, '\\fB$1\\fR($2)');
}

/** Text as it is: no escape, no request, and a hyphen that can be searched for and pasted. */
function plain(text: string): string {
  return guarded(letters(text));
}

function letters(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
}

/** A line that begins with a dot or a quote would be a request. */
function guarded(text: string): string {
  return text.replaceAll(/^([.'])/gm, '\\&$1');
}
