/** The commands that the pages tell people to type, taken out of them, so that they cannot rot. */
import { commandsOf as blockOf } from '../docs/pages.ts';

/** The block of commands below the line `<!-- test/booted: NAME -->`. */
export function commandsOf(name: string): string {
  return blockOf(`test/booted: ${name}`);
}
