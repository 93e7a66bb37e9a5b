/** The commands that the pages tell people to type, taken out of them, so that they cannot rot. */
import { BLOCKS } from '../docs/pages.ts';

/** The block of commands below the line `<!-- test/booted: NAME -->`, which no reader of the page sees. */
export function commandsOf(name: string): string {
  const [block] = BLOCKS.filter(({ held }) => held === `test/booted: ${name}`);
  if (block === undefined) throw new Error(`no page has commands named ${name}`);
  return block.lines.join('\n').trim();
}
