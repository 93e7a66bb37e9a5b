/**
 * Commands on the pages do what the pages show, each block on a firewall of its own (prepared-firewall.ts tells of
 * it).
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { masked } from '../support/masked.ts';
import { blocksOfKind } from './pages.ts';
import { PreparedFirewall } from './prepared-firewall.ts';
import { isShown } from './shown.ts';

const test = suite('the commands of the pages');

interface Shown {
  readonly command: string;
  readonly output: readonly string[];
}

for (const { where, lines } of blocksOfKind('run')) {
  test(`${where}: ${lines[0] ?? 'nothing'}`, async () => {
    await using firewall = await PreparedFirewall.open();
    const shown = shownIn(lines);
    if (shown.length === 0) {
      const { code, stdout, stderr } = await firewall.runScript(lines.join('\n'));
      assert.is(code, 0, `${stdout}${stderr}`);
      return;
    }

    const outputs = await firewall.outputsOf(shown.map(({ command }) => command));

    const came = shown.map(({ command, output }, index) => ({
      command,
      output,
      lines: linesOf(outputs[index] ?? ''),
    }));
    const wrong = came.filter((each) => !isShown(comparable(each.output), comparable(each.lines)));
    // As it can stand on the page, times included; a word of the program changes on many pages at once.
    if (wrong.length > 0)
      console.log(came.map(({ command, lines: now }) => `$ ${command}\n${now.join('\n')}\n`).join(''));
    for (const { command, output, lines: now } of wrong)
      assert.fixture(
        `$ ${command}\n${comparable(now).join('\n')}`,
        `$ ${command}\n${comparable(output).join('\n')}`,
      );
  });
}

/**
 * The commands of a block, each with the lines below it; none in a block without `$`. A command that ends in `\` or `|`
 * goes on in the lines below that begin with `>`, as shells show it.
 */
function shownIn(lines: readonly string[]): readonly Shown[] {
  const begins = lines.flatMap((line, index) => (line.startsWith('$ ') ? [index] : []));
  return begins.map((begin, index) => {
    const rest = lines.slice(begin, begins[index + 1]);
    const more = rest.findIndex(
      (line, at) => at > 0 && !(line.startsWith('> ') && /[\\|]$/.test(rest[at - 1] ?? '')),
    );
    const words = more === -1 ? rest : rest.slice(0, more);
    return { command: words.map((line) => line.slice(2)).join('\n'), output: rest.slice(words.length) };
  });
}

/** Without the empty lines around it, with one width between columns, and nothing that a clock decides. */
function comparable(lines: readonly string[]): readonly string[] {
  const text = masked(lines.join('\n'))
    // A pass that finds nothing to do may have come since.
    .replaceAll(/^(last pass .*, )\d+ changes?$/gm, '$1N changes')
    .replaceAll(/(\S) {2,}/g, '$1  ');
  return linesOf(text.replace(/^\n+/, '').trimEnd());
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

test.run();
