/**
 * Columns of rows that come in order, as they stand in a file: nothing is sorted or looked up, and no claim is made. A
 * row that is out of order, or of the same claim as the one before, is not taken.
 */
import { NO_COLUMNS, type Columns } from './columns.ts';
import { sayingKey, type Saying } from './saying.ts';

interface Times {
  readonly heard: number;
  readonly since: number;
  readonly until: number;
}

export class ColumnsBuilder {
  readonly #addresses: Uint32Array;
  readonly #said: Uint32Array;
  readonly #since: Float64Array;
  readonly #until: Float64Array;
  readonly #heard: Float64Array;
  readonly #sayings: Saying[] = [];
  readonly #places = new Map<string, number>();
  /** Of equal ones several may be handed in. */
  readonly #byObject = new Map<Saying, number>();
  #length = 0;
  #isHeardSince = true;

  /** With room for so many rows. */
  constructor(room: number) {
    this.#addresses = new Uint32Array(room);
    this.#said = new Uint32Array(room);
    this.#since = new Float64Array(room);
    this.#until = new Float64Array(room);
    this.#heard = new Float64Array(room);
  }

  /** Of 32 bits as an unsigned number; false where the row is not taken. */
  add(address: number, { heard, since, until }: Times, saying: Saying): boolean {
    const at = this.#length;
    const last = at === 0 ? -1 : (this.#addresses[at - 1] ?? 0);
    if (at === this.#addresses.length || address < last) return false;
    if (address === last && !isAhead(this.#sayings[this.#said[at - 1] ?? 0], saying)) return false;
    this.#addresses[at] = address;
    this.#said[at] = this.#placeOf(saying);
    this.#since[at] = since;
    this.#until[at] = until;
    this.#heard[at] = heard;
    this.#isHeardSince &&= heard === since;
    this.#length += 1;
    return true;
  }

  columns(): Columns {
    const length = this.#length;
    if (length === 0) return NO_COLUMNS;
    const since = this.#since.slice(0, length);
    return {
      addresses: this.#addresses.slice(0, length),
      said: this.#said.slice(0, length),
      since,
      until: this.#until.slice(0, length),
      heard: this.#isHeardSince ? since : this.#heard.slice(0, length),
      sayings: this.#sayings,
    };
  }

  #placeOf(saying: Saying): number {
    const known = this.#byObject.get(saying);
    if (known !== undefined) return known;
    const key = sayingKey(saying);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#sayings.length;
      this.#places.set(key, place);
      this.#sayings.push(saying);
    }
    this.#byObject.set(saying, place);
    return place;
  }
}

/** True where a row of the one stands ahead of a row of the other, and is of another claim. */
function isAhead(one: Saying | undefined, other: Saying): boolean {
  if (one === undefined || (one.server === other.server && one.jail === other.jail)) return false;
  return sayingKey(one) < sayingKey(other);
}
