/**
 * Values that say what happened by a code and its details, and one table for each kind of them that has the words.
 * Who acts on one asks its code; its words are for people, and are made where they are written.
 */

/** What is said of each code, made from the details that come with it. */
type Table = Readonly<Record<string, (details: never) => string>>;

/** A value of the table: one of its codes, with the details that its words are made from. */
export type Coded<T extends Table> = {
  readonly [C in keyof T]: { readonly code: C } & DetailsOf<T[C]>;
}[keyof T];

type DetailsOf<W> = W extends () => string ? unknown : W extends (details: infer D) => string ? D : never;

/** The words that the table has for it. */
export function wordsFor<T extends Table>(table: T, value: Coded<T>): string {
  // Of a union TypeScript does not see that the words of a code take the details of that same code.
  const words = table[value.code] as (details: Coded<T>) => string;
  return words(value);
}
