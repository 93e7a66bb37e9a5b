/** What a mistake says: it quotes what was written, and tells what should have been. */
import { unclearDuration } from './time.ts';

/** Longer values are cut: a message is read in a log. */
const MAX_QUOTED = 80;

/** The value as JSON writes it, cut. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…"` : text;
}

/** The same for a text, which YAML takes for something else without quotes. */
export function expectedText({ input }: { readonly input: unknown }): string {
  if (input === null) return 'the value is missing; quote text that begins with #';
  const isPlain = typeof input === 'number' || typeof input === 'boolean';
  const quotes = isPlain ? `; put it in quotes: "${String(input)}"` : '';
  return `${expected('a string')({ input })}${quotes}`;
}

/** A message for a schema: `"soon" is not a number of seconds`. */
export function expected(what: string) {
  return ({ input }: { readonly input: unknown }): string =>
    input === undefined ? `missing; expected ${what}` : `${quote(input)} is not ${what}`;
}

/** The same for a length of time, of which `3M` could be two. */
export function expectedLength(what: string) {
  return ({ input }: { readonly input: unknown }): string => {
    const unclear = typeof input === 'string' ? unclearDuration(input) : undefined;
    if (unclear === undefined) return expected(what)({ input });
    return `${quote(input)} may be months or minutes: write "${unclear.months}" or "${unclear.minutes}"`;
  };
}
