/** Text of strangers as it may stand in a line of a log and on a terminal. */

/** Invisible and direction-changing characters, which would make a log line read as another. */
export const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Never between the halves of a character: half a one is no text that others can read. */
export function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}
