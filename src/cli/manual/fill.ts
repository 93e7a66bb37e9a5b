/**
 * Pages of docs/ with parts that are made of the program: `<!-- manual: options ban -->`, lines, `<!-- end -->`. Writes
 * these anew; what people wrote around them stays as it is, so that a second time changes nothing.
 */

const PART = /^<!-- manual: (.+) -->\n[^]*?(?:^<!-- (?:end|manual: .*) -->$|$(?![^]))/gm;

/** `part` makes the lines of one part from its words, such as `options ban`. */
export function fill(page: string, part: (words: string) => string): string {
  return page.replaceAll(PART, (old, words: string) => {
    if (!old.endsWith('\n<!-- end -->')) throw new Error(`the part ${words} does not end`);
    return `<!-- manual: ${words} -->\n${part(words)}\n<!-- end -->`;
  });
}
