/** Text and code as Markdown writes them, so that they are read as they are. */

/** Text without a meaning for Markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*<[\]]/g, '\\$&');
}

/** Code that holds no backtick. */
export function codeSpan(code: string): string {
  return `\`${code}\``;
}

/** What `escaped` made of a text, back. */
export function unescaped(text: string): string {
  return text.replace(/\\([\\`*<[\]])/g, '$1');
}
