/**
 * Bounds how many series a label can make, whoever chooses its values: the first so many names that come keep a series
 * of their own for the life of the controller, and all later ones share `other`. A name is never given up for another,
 * so that a counter never goes down, and somebody who goes on inventing names fills no database.
 */

/** What a name beyond the bound is called. */
const OTHER = 'other';

export class SeriesNames {
  readonly #most: number;
  readonly #names = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The name as a label's value. */
  of(name: string): string {
    if (this.#names.has(name)) return name;
    if (this.#names.size >= this.#most) return OTHER;
    this.#names.add(name);
    return name;
  }
}
