/** Finds what a merge of git left for a person to decide: to a parser it is broken YAML, told in words that help nobody. */
import type { Mistake } from './document.ts';

/** Both sides stand in the file, or a line of the conflict was forgotten there; diff3 has a third side, between `|||||||`. */
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
    else if (begun === undefined) mistakes.push(mistakeAt(line, `${marker} is a line that ${LEFT}`));
    else if (marker === END) {
      mistakes.push(mistakeAt(begun, `a merge conflict of git, up to line ${line}: ${MEND}`));
      begun = undefined;
    }
  }
  return begun === undefined ? mistakes : [...mistakes, mistakeAt(begun, `${BEGIN} is a line that ${LEFT}`)];
}

const BEGIN = '<<<<<<<';
const END = '>>>>>>>';
const LEFT = 'a merge conflict of git left: take it out';
const MEND =
  'keep what is meant of both sides, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>';

function mistakeAt(line: number, message: string): Mistake {
  return { line, column: 1, message };
}
