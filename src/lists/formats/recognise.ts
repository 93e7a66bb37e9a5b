/** Finds the format of a list by its first lines. */
import type { Format } from './format.ts';
import { parsePlain } from './plain.ts';

/** Undefined where none of the lines is of any format; a list without entries is a plain one. */
export function recognise(lines: readonly string[]): Format | undefined {
  const meanings = lines.map(parsePlain);
  return meanings.some((meaning) => typeof meaning === 'object') ||
    meanings.every((meaning) => meaning === 'nothing')
    ? 'plain'
    : undefined;
}
