import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { roffOf } from '../../../src/cli/manual/roff.ts';
import { runProgram } from '../../support/run-program.ts';

const test = suite('the manual in roff');

const PAGES = join(import.meta.dirname, '../../../../docs/man');

const PAGE = String.raw`# my-tool(5)

## NAME

<!-- manual: name -->
my-tool - does \<it>, server_name
<!-- end -->

## KEYS

'a' word *of* two
.lines with --code--, iptables(8) and [a page](../policy.md#x),
[other-tool(1)](other-tool.1.md).

### ${'`my tool`'}

- ${'`--for <time>`'}: how long
  it is
- ${'`bare`'}
- no term

<!-- test/docs: run -->
${'```sh'}
.a \ 'b' --c

'd'
${'```'}
`;

test('has the page in man(7), whatever roff would take its text for', () => {
  assert.equal(roffOf(PAGE, '1.2.3').split('\n'), [
    String.raw`.TH MY\-TOOL 5 "" "banspool 1.2.3" "File Formats"`,
    '.nh',
    '.ad l',
    '.SH NAME',
    String.raw`my\-tool \- does <it>, server_name`,
    '.SH KEYS',
    String.raw`\&'a' word \fIof\fR two`,
    String.raw`\&.lines with \-\-code\-\-, \fBiptables\fR(8) and a page \%(/usr/share/doc/banspool/docs/policy.md),`,
    String.raw`\fBother\-tool\fR(1).`,
    String.raw`.SS \fB\%my \%tool\fR`,
    '.TP',
    String.raw`\fB\%\-\-for \%\fItime\fB\fR`,
    'how long',
    'it is',
    '.TP',
    String.raw`\fB\%bare\fR`,
    String.raw`.IP \(bu 2`,
    'no term',
    '.PP',
    '.RS 4',
    '.EX',
    String.raw`\&.a \e 'b' \-\-c`,
    '',
    String.raw`\&'d'`,
    '.EE',
    '.RE',
    '',
  ]);
});

test('keeps an option and its value together', () => {
  assert.match(roffOf('# a(1)\n\n`a [--b <c>] [d]`\n', '1'), String.raw`\fB\%a \%[\-\-b\ \fIc\fB] \%[d]\fR`);
});

test('leaves nothing out in silence', () => {
  assert.throws(() => roffOf('# a(1)\n\n| a | b |\n', '1'), 'cannot be shown by man: | a | b |');
  assert.throws(() => roffOf('# a(1)\n\n> quoted\n', '1'), 'cannot be shown by man: > quoted');
  assert.throws(() => roffOf('# a\n', '1'), 'the page has no title such as # banspool(1): # a');
});

test('makes groff complain of no page', async () => {
  const pages = readdirSync(PAGES).map((name) => roffOf(readFileSync(join(PAGES, name), 'utf8'), '1.2.3'));

  const { code, stdout, stderr } = await runProgram(['groff', '-ww', '-Kutf8', '-Tutf8', '-P-cbou', '-man'], {
    input: pages.join(''),
  });

  assert.equal([code, stderr], [0, '']);
  assert.is(stdout.match(/SEE ALSO/g)?.length, pages.length);
});

test.run();
