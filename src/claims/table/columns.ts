/**
 * Ordinary claims as columns of numbers, in order of their addresses: 24 bytes each, where objects take 400. Columns
 * never change; equal claims have equal columns, whatever they came from.
 */
import { placeOf } from '../../lists/table/sorted-numbers.ts';
import { sayingKey, type Row, type Saying } from './saying.ts';

export interface Columns {
  readonly addresses: Uint32Array;
  /** Of each row the place of its saying. */
  readonly said: Uint32Array;
  readonly since: Float64Array;
  readonly until: Float64Array;
  /** The same object as `since` where all of them were heard as they began. */
  readonly heard: Float64Array;
  /** Each once, in the order of the first row that has it. */
  readonly sayings: readonly Saying[];
}

const NO_TIMES = new Float64Array();
const NO_NUMBERS = new Uint32Array();

export const NO_COLUMNS: Columns = {
  ...{ addresses: NO_NUMBERS, said: NO_NUMBERS },
  ...{ since: NO_TIMES, until: NO_TIMES, heard: NO_TIMES, sayings: [] },
};

/** True where both have the same rows. */
export function areSameColumns(one: Columns, other: Columns): boolean {
  return (
    one.addresses.length === other.addresses.length &&
    NUMBERS.every((name) => Buffer.compare(bytesOf(one[name]), bytesOf(other[name])) === 0) &&
    one.sayings.every((saying, place) => sayingKey(saying) === sayingKey(other.sayings[place] ?? saying))
  );
}

const NUMBERS = ['addresses', 'said', 'since', 'until', 'heard'] as const;

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

interface Changes {
  /** Places of rows that go. */
  readonly dropped: ReadonlySet<number>;
  /** Rows that come; none is of a claim that stays. */
  readonly added: readonly Row[];
}

/** The columns with the changes. */
export function changeColumns(before: Columns, { dropped, added }: Changes): Columns {
  const sayings = new Sayings(before.sayings);
  const coming = added.map((row) => ({ ...row, key: sayingKey(row.saying) })).sort(compareRows);
  const target = new Target(before.addresses.length - dropped.size + added.length);
  let from = 0;
  const leaving = Array.from(dropped).sort((a, b) => a - b);
  let left = 0;
  const copyUpTo = (place: number): void => {
    for (; left < leaving.length && (leaving[left] ?? 0) < place; left += 1) {
      target.copy(before, from, leaving[left] ?? 0);
      from = (leaving[left] ?? 0) + 1;
    }
    target.copy(before, from, place);
    from = Math.max(from, place);
  };
  for (const row of coming) {
    copyUpTo(placeFor(row, before));
    target.add(row, sayings.placeOf(row.saying, row.key));
  }
  copyUpTo(before.addresses.length);
  return target.columns(sayings.all);
}

type KeyedRow = Row & { readonly key: string };

function compareRows(a: KeyedRow, b: KeyedRow): number {
  return a.address - b.address || (a.key < b.key ? -1 : 1);
}

/** Ahead of the first row that comes behind it. */
function placeFor({ address, key }: KeyedRow, columns: Columns): number {
  let place = placeOf(columns.addresses, address);
  while (columns.addresses[place] === address && keyAt(columns, place) < key) place += 1;
  return place;
}

function keyAt({ said, sayings }: Columns, place: number): string {
  const saying = sayings[said[place] ?? 0];
  return saying === undefined ? '' : sayingKey(saying);
}

/** Gives each saying a place. */
class Sayings {
  readonly all: Saying[];
  readonly #places: Map<string, number>;

  constructor(known: readonly Saying[]) {
    this.all = [...known];
    this.#places = new Map(known.map((saying, place) => [sayingKey(saying), place]));
  }

  placeOf(saying: Saying, key: string): number {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.all.length;
      this.#places.set(key, place);
      this.all.push(saying);
    }
    return place;
  }
}

/** Columns while they are filled. */
class Target {
  readonly #addresses: Uint32Array;
  readonly #said: Uint32Array;
  readonly #since: Float64Array;
  readonly #until: Float64Array;
  readonly #heard: Float64Array;
  #at = 0;

  constructor(size: number) {
    this.#addresses = new Uint32Array(size);
    this.#said = new Uint32Array(size);
    this.#since = new Float64Array(size);
    this.#until = new Float64Array(size);
    this.#heard = new Float64Array(size);
  }

  copy(columns: Columns, from: number, to: number): void {
    if (from >= to) return;
    this.#addresses.set(columns.addresses.subarray(from, to), this.#at);
    this.#said.set(columns.said.subarray(from, to), this.#at);
    this.#since.set(columns.since.subarray(from, to), this.#at);
    this.#until.set(columns.until.subarray(from, to), this.#at);
    this.#heard.set(columns.heard.subarray(from, to), this.#at);
    this.#at += to - from;
  }

  add({ address, ban }: Row, said: number): void {
    this.#addresses[this.#at] = address;
    this.#said[this.#at] = said;
    this.#since[this.#at] = ban.since;
    this.#until[this.#at] = ban.until;
    this.#heard[this.#at] = ban.heard;
    this.#at += 1;
  }

  columns(sayings: readonly Saying[]): Columns {
    const since = this.#since;
    const isHeardSince = this.#heard.every((heard, row) => heard === since[row]);
    return {
      addresses: this.#addresses,
      ...this.#numbered(sayings),
      since,
      until: this.#until,
      heard: isHeardSince ? since : this.#heard,
    };
  }

  /** Without those that no row has. */
  #numbered(sayings: readonly Saying[]): Pick<Columns, 'said' | 'sayings'> {
    const places = new Int32Array(sayings.length).fill(-1);
    const kept: Saying[] = [];
    const said = this.#said;
    for (let row = 0; row < said.length; row += 1) {
      const old = said[row] ?? 0;
      if ((places[old] ?? 0) < 0) {
        const saying = sayings[old];
        if (saying === undefined) throw new RangeError(`row ${row} has no saying`);
        places[old] = kept.length;
        kept.push(saying);
      }
      said[row] = places[old] ?? 0;
    }
    return { said, sayings: kept };
  }
}
