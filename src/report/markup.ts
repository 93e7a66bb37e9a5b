/**
 * The one place where text becomes HTML. A template of `html` keeps its own text and escapes every value in it, so that
 * what a server, a file or a person wrote is text on the page and nothing else. A value may stand in the content of an
 * element or in an attribute between double quotes.
 */
import { UNPRINTABLE } from '../domain/printable.ts';

/** Text that is HTML already: a template's, or of this program alone. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** For what this program wrote itself: the style and the script. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }
}

/** Undefined and false are nothing. */
export type Content = Markup | string | number | undefined | false | readonly Content[];

/** The template with its values escaped. */
export function html(own: TemplateStringsArray, ...values: readonly Content[]): Markup {
  const pieces = squeezed(own);
  let text = pieces[0] ?? '';
  values.forEach((value, index) => {
    text += render(value) + (pieces[index + 1] ?? '');
  });
  return Markup.trusted(text);
}

const SQUEEZED = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Without the lines and the indent that the template has in its source: a table has them 2,000 times. */
function squeezed(own: TemplateStringsArray): readonly string[] {
  const known = SQUEEZED.get(own);
  if (known !== undefined) return known;
  const pieces = own.map((piece) => piece.replace(/\s*\n\s*(?=\/?>)/g, '').replace(/\s*\n\s*/g, ' '));
  SQUEEZED.set(own, pieces);
  return pieces;
}

function render(content: Content): string {
  if (typeof content === 'string') return escape(content);
  if (typeof content === 'number') return String(content);
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  return content.map(render).join('');
}

const PLAIN = /^[\w .,:;/()+-]*$/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that nobody sees, or that turn the direction of what follows, are shown by their number: `[U+202E]`. */
function escape(text: string): string {
  // Nearly all.
  if (PLAIN.test(text)) return text;
  return text
    .replace(UNPRINTABLE, (run) => Array.from(run, (character) => `[${codePoint(character)}]`).join(''))
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
