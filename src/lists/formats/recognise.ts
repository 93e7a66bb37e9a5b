/** Finds the format of a list by its first lines, and of a text that is read as a whole by itself. */
import type { ListFormat } from '../list-format.ts';
import { isHeading, openCrowdsecParser } from './crowdsec.ts';
import { isOfCsf } from './csf.ts';
import { parseDshield } from './dshield.ts';
import { parseFail2ban } from './fail2ban.ts';
import { parseJsonLine } from './json-lines.ts';
import { parsePlain } from './plain.ts';

/**
 * The format of the first line that is of any, but csf where a line is that only csf would write among plain ones.
 * Undefined where none of the lines is of any format; a list of comments alone is a plain one.
 */
export function recognise(lines: readonly string[]): ListFormat | undefined {
  const said = lines.filter((line) => line.trim() !== '' && !/^\s*[#;]/.test(line));
  const format = said.length === 0 ? 'plain' : firstOf(said);
  return format === 'plain' && lines.some(isOfCsf) ? 'csf' : format;
}

function firstOf(lines: readonly string[]): ListFormat | undefined {
  for (const line of lines) {
    const found = SIGNATURES.find(([, isOf]) => isOf(line));
    if (found !== undefined) return found[0];
  }
  return undefined;
}

/** In the order in which they are tried. */
const SIGNATURES: readonly (readonly [ListFormat, (line: string) => boolean])[] = [
  ['jsonl', (line) => parseJsonLine(line) !== 'unread'],
  ['ipset', (line) => /^(?:create \S+ \S+:\S+|add \S+ \S+)/.test(line)],
  ['dshield', (line) => parseDshield(line) !== 'unread'],
  ['crowdsec', (line) => isHeading(line) || openCrowdsecParser()(line) !== 'unread'],
  ['fail2ban', (line) => parseFail2ban(line) !== 'unread'],
  ['plain', (line) => parsePlain(line) !== 'unread'],
  ['csf', isOfCsf],
];
