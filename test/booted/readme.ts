/** The commands that README.md tells people to type, taken out of it, so that they cannot rot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8').split('\n');

/** The block of commands below the line `<!-- test/booted: NAME -->`, which nobody sees who reads the page. */
export function commandsOf(name: string): string {
  const marker = README.indexOf(`<!-- test/booted: ${name} -->`);
  if (marker === -1) throw new Error(`README.md has no commands named ${name}`);
  const begin = README.findIndex((line, index) => index > marker && line.startsWith('    '));
  const end = README.findIndex((line, index) => index > begin && line !== '' && !line.startsWith('    '));
  return README.slice(begin, end)
    .map((line) => line.slice(4))
    .join('\n')
    .trim();
}
