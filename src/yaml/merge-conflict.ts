/**
 * Finds what a merge of git left for a person to decide: to a parser it is broken YAML, told in words that help
 * nobody.
 */
import { mistakeAt, type Mistake } from './mistake.ts';

/**
 * Both sides stand in the file, or a line of the conflict was forgotten there; diff3 has a third side, between
 * `|||||||`.
 */
const MARKER = /^(?:(<{7}|\|{7}|>{7})(?: .*)?|(={7}))\r?$/;

/** A mistake for each conflict, at its first line. */
export function mergeConflicts(text: string): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  let begun: number | undefined;
  for (const [index, written] of text.split('\n').entries()) {
    const [, side, middle] = MARKER.exec(written) ?? [];
    const marker = side ?? middle;
    if (marker === undefined) continue;
    const line = index + 1;
    if (marker === BEGIN && begun === undefined) begun = line;
    else if (begun === undefined) mistakes.push(left(line, marker));
    else if (marker === END) {
      mistakes.push(mistakeAt({ line: begun, column: 1 }, { code: 'merge-conflict', lastLine: line }));
      begun = undefined;
    }
  }
  return begun === undefined ? mistakes : [...mistakes, left(begun, BEGIN)];
}

const BEGIN = '<<<<<<<';
const END = '>>>>>>>';

function left(line: number, marker: string): Mistake {
  return mistakeAt({ line, column: 1 }, { code: 'left-of-conflict', marker });
}
