/** How deep a text nests, told from its tokens: the parser finds out by calling itself, and may not come back. */
import { Lexer } from 'yaml';

/** A snapshot has three levels, a policy four. */
export const MAX_DEPTH = 8;

/**
 * True when brackets, or indicators in one line, nest deeper than anything that is meant. The parser calls itself for
 * each level; and where the stack ends in the middle of a regular expression, V8 ends the process. Levels by
 * indentation alone cost a text the square of their number.
 */
export function isDeep(text: string): boolean {
  let brackets = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets = Math.max(0, brackets - 1);
    else if (token === '\n' || token === '\r\n') indicators = 0;
    else if (brackets === 0 && (token === '-' || token === '?' || token === ':')) indicators += 1;
    if (brackets > MAX_DEPTH || indicators > MAX_DEPTH) return true;
  }
  return false;
}
