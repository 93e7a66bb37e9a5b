/** The words of a rule as `iptables -S` prints it. */

/** Stands for one that iptables cannot print. */
export const NATIVE_RULE = 'native';

/** Splits as a shell would: iptables quotes comments and log prefixes, and escapes quotes in them. */
export function splitWords(line: string): string[] {
  if (!line.includes('"')) return line.trim().split(/\s+/);
  const words = line.match(/"(?:\\.|[^"\\])*"|\S+/g) ?? [];
  return words.map((word) => (word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word));
}

/** The reverse: what a delete by value must say. */
export function joinWords(words: readonly string[]): string {
  const plain = words.join(' ');
  // A comment of two words is one word here, and looks like two once it is joined to the others.
  const isPlain = PLAIN_WORDS.test(plain) && !words.some((word) => word.includes(' '));
  return isPlain ? plain : words.map(quoteWord).join(' ');
}

/** Nearly every rule. */
const PLAIN_WORDS = /^[A-Za-z0-9_.,:/!+~@%^=-]+(?: [A-Za-z0-9_.,:/!+~@%^=-]+)*$/;

function quoteWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : `"${word.replace(/["\\']/g, '\\$&')}"`;
}

const PLAIN_WORD = /^[A-Za-z0-9_.,:/!+~@%^=-]+$/;

/** A jump to a chain ends its rule: only targets that are no chains have options. A comment may say `-j`. */
export function jumpTarget(words: readonly string[]): string | undefined {
  return words.at(-2) === '-j' || words.at(-2) === '-g' ? words.at(-1) : undefined;
}

/** Where the rule sends every packet. */
export function bareTarget(words: readonly string[]): string | undefined {
  return words.length >= 2 && (words[0] === '-j' || words[0] === '-g') ? words[1] : undefined;
}

interface Counted {
  readonly plain: readonly string[];
  readonly packets: number;
  readonly bytes: number;
}

/** Takes `-c PACKETS BYTES` out: `-v` puts it right ahead of the target, or at the end where there is none. */
export function takeCounters(words: readonly string[]): Counted {
  const at = words.findIndex(
    (word, index) =>
      word === '-c' && [undefined, '-j', '-g'].includes(words[index + 3]) && index + 2 < words.length,
  );
  if (at < 0) return { plain: words, packets: 0, bytes: 0 };
  return {
    plain: [...words.slice(0, at), ...words.slice(at + 3)],
    packets: Number(words[at + 1]),
    bytes: Number(words[at + 2]),
  };
}
