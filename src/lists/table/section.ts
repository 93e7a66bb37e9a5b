/**
 * The nets of one family in one region (see regionOf), sorted and disjoint, as numbers in typed arrays: 5 bytes for a
 * net of IPv4, 17 for one of IPv6. A section never changes.
 */
import { FULL_PREFIX, type Family, type Net } from '../../domain/net.ts';
import { textOf4, textOf6 } from '../text-of.ts';

/** Of IPv4: 32 bits as an unsigned number. Of IPv6: 128 bits. */
export type Start = number | bigint;

/** The place of a net that is not there. */
export const NOWHERE = -1;

export interface Section {
  readonly family: Family;
  readonly size: number;
  startAt(place: number): Start;
  prefixAt(place: number): number;
  /** The bytes of both arrays. */
  readonly bytes: readonly Uint8Array[];
}

export class Section4 implements Section {
  readonly family = 'ipv4';
  readonly #starts: Uint32Array;
  readonly #prefixes: Uint8Array;

  constructor(starts: Uint32Array, prefixes: Uint8Array) {
    this.#starts = starts;
    this.#prefixes = prefixes;
  }

  get size(): number {
    return this.#prefixes.length;
  }

  startAt(place: number): number {
    return this.#starts[place] ?? 0;
  }

  prefixAt(place: number): number {
    return this.#prefixes[place] ?? 0;
  }

  get bytes(): readonly Uint8Array[] {
    return [bytesOf(this.#starts), this.#prefixes];
  }
}

export class Section6 implements Section {
  readonly family = 'ipv6';
  /** Of each net the upper 64 bits, then the lower ones. */
  readonly #starts: BigUint64Array;
  readonly #prefixes: Uint8Array;

  constructor(starts: BigUint64Array, prefixes: Uint8Array) {
    this.#starts = starts;
    this.#prefixes = prefixes;
  }

  get size(): number {
    return this.#prefixes.length;
  }

  startAt(place: number): bigint {
    return ((this.#starts[place * 2] ?? 0n) << 64n) | (this.#starts[place * 2 + 1] ?? 0n);
  }

  prefixAt(place: number): number {
    return this.#prefixes[place] ?? 0;
  }

  get bytes(): readonly Uint8Array[] {
    return [bytesOf(this.#starts), this.#prefixes];
  }
}

/** The place of exactly this net, or NOWHERE. */
export function placeOf(section: Section, net: Net): number {
  const place = placeAround(section, net);
  return place !== NOWHERE && section.prefixAt(place) === net.prefix ? place : NOWHERE;
}

/** The place of the net that holds all of this one, or NOWHERE. */
export function placeAround(section: Section, { family, prefix, bits }: Net): number {
  if (family !== section.family) return NOWHERE;
  const start = typeof bits === 'number' ? bits >>> 0 : bits;
  // The last one that does not begin behind it: no other can, since they are disjoint.
  let [low, high] = [0, section.size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (section.startAt(middle) <= start) low = middle + 1;
    else high = middle;
  }
  const place = low - 1;
  if (place < 0 || section.prefixAt(place) > prefix) return NOWHERE;
  return lastOf(section.startAt(place), section.prefixAt(place)) >= start ? place : NOWHERE;
}

/** The net at that place, in the form of domain/net.ts. */
export function netAt(section: Section, place: number): Net {
  const [start, prefix] = [section.startAt(place), section.prefixAt(place)];
  const bits = typeof start === 'number' ? start | 0 : start;
  return { family: section.family, text: textAt(section, place), prefix, bits };
}

/** Its canonical text. */
export function textAt(section: Section, place: number): string {
  const [start, prefix] = [section.startAt(place), section.prefixAt(place)];
  const text = typeof start === 'number' ? textOf4(start) : textOf6(start);
  return prefix === FULL_PREFIX[section.family] ? text : `${text}/${prefix}`;
}

/** Whether both hold the same nets. */
export function sameSections(one: Section, other: Section): boolean {
  const others = other.bytes;
  return (
    one.family === other.family &&
    one.bytes.every((bytes, index) => Buffer.compare(bytes, others[index] ?? new Uint8Array()) === 0)
  );
}

/** The last address of a net. */
function lastOf(start: Start, prefix: number): Start {
  if (typeof start === 'number') return start + 2 ** (FULL_PREFIX.ipv4 - prefix) - 1;
  return start | ((1n << BigInt(FULL_PREFIX.ipv6 - prefix)) - 1n);
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | BigUint64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
