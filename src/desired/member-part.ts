/**
 * The members of one region with their ends: hosts of IPv4 as numbers in order of their addresses, 12 bytes each, all
 * others by their text. A part never changes. Texts are made when they are asked for, and nothing keeps them.
 */
import { parseIpv4 } from '../domain/ipv4.ts';
import { FULL_PREFIX, type Net } from '../domain/net.ts';
import { placeOf } from '../lists/table/sorted-numbers.ts';
import { textOf4 } from '../lists/text-of.ts';
import type { Part } from './members.ts';

export class MemberPart implements Part {
  readonly addresses: Uint32Array;
  /** Of each address. */
  readonly ends: Float64Array;
  readonly others: Part;

  constructor(addresses: Uint32Array, ends: Float64Array, others: Part) {
    this.addresses = addresses;
    this.ends = ends;
    this.others = others;
  }

  get size(): number {
    return this.addresses.length + this.others.size;
  }

  get(text: string): number | undefined {
    const address = parseIpv4(text);
    return address === undefined ? this.others.get(text) : this.endOf(address);
  }

  has(text: string): boolean {
    return this.get(text) !== undefined;
  }

  /** The end of a host of IPv4, by its 32 bits. */
  endOf(address: number): number | undefined {
    const sought = address >>> 0;
    const place = placeOf(this.addresses, sought);
    return this.addresses[place] === sought ? this.ends[place] : undefined;
  }

  forEach(look: (until: number, text: string, part: Part) => void): void {
    for (const [text, until] of this.entries()) look(until, text, this);
  }

  *keys(): Generator<string, undefined> {
    for (const address of this.addresses) yield textOf4(address);
    yield* this.others.keys();
    return undefined;
  }

  *values(): Generator<number, undefined> {
    yield* this.ends;
    yield* this.others.values();
    return undefined;
  }

  *entries(): Generator<[string, number], undefined> {
    for (const [row, address] of this.addresses.entries()) yield [textOf4(address), this.ends[row] ?? 0];
    yield* this.others.entries();
    return undefined;
  }

  [Symbol.iterator](): Generator<[string, number], undefined> {
    return this.entries();
  }
}

/** A part while it is filled. Hosts that come in order, as nearly all do, are kept in columns at once. */
export class PartDraft {
  #addresses = new Uint32Array(FEW);
  #ends = new Float64Array(FEW);
  #length = 0;
  /** Hosts that came behind a higher one. */
  readonly #late = new Map<number, number>();
  readonly #others = new Map<string, number>();

  /** Adds a member; of several ends the last one counts. False where it was there. */
  add({ family, text, prefix, bits }: Net, until: number): boolean {
    return typeof bits === 'number' && prefix === FULL_PREFIX[family]
      ? this.addHost(bits >>> 0, until)
      : keepLater(this.#others, text, until);
  }

  /** The same of a host of IPv4, by its 32 bits as an unsigned number. */
  addHost(address: number, until: number): boolean {
    const last = this.#length === 0 ? -1 : (this.#addresses[this.#length - 1] ?? 0);
    if (address > last) {
      this.#push(address, until);
      return true;
    }
    const place = placeOf(this.#addresses.subarray(0, this.#length), address);
    if (this.#addresses[place] !== address) return keepLater(this.#late, address, until);
    this.#ends[place] = Math.max(this.#ends[place] ?? 0, until);
    return false;
  }

  part(): MemberPart {
    const [addresses, ends] = [this.#addresses.slice(0, this.#length), this.#ends.slice(0, this.#length)];
    if (this.#late.size === 0) return new MemberPart(addresses, ends, this.#others);
    const all = new Map(this.#late);
    for (const [row, address] of addresses.entries()) all.set(address, ends[row] ?? 0);
    const sorted = Uint32Array.from(all.keys()).sort();
    return new MemberPart(
      sorted,
      Float64Array.from(sorted, (address) => all.get(address) ?? 0),
      this.#others,
    );
  }

  #push(address: number, until: number): void {
    if (this.#length === this.#addresses.length) {
      const [addresses, ends] = [this.#addresses, this.#ends];
      this.#addresses = new Uint32Array(this.#length * 2);
      this.#addresses.set(addresses);
      this.#ends = new Float64Array(this.#length * 2);
      this.#ends.set(ends);
    }
    this.#addresses[this.#length] = address;
    this.#ends[this.#length] = until;
    this.#length += 1;
  }
}

const FEW = 8;

function keepLater<K>(ends: Map<K, number>, member: K, until: number): boolean {
  const known = ends.get(member);
  if (known === undefined || known < until) ends.set(member, until);
  return known === undefined;
}

interface Difference {
  readonly added: (text: string, until: number) => void;
  readonly removed: (text: string) => void;
  /** Of what both have, with another end. */
  readonly refreshed: (text: string, until: number) => void;
}

/** Tells what differs between two contents of one region, by a walk along both at once. */
export function diffMemberParts(before: MemberPart, after: MemberPart, tell: Difference): void {
  for (let [at, to] = [0, 0]; at < before.addresses.length || to < after.addresses.length;) {
    const [old = Infinity, young = Infinity] = [before.addresses[at], after.addresses[to]];
    const until = after.ends[to] ?? 0;
    if (old < young) tell.removed(textOf4(old));
    else if (young < old) tell.added(textOf4(young), until);
    else if (before.ends[at] !== until) tell.refreshed(textOf4(young), until);
    if (old <= young) at += 1;
    if (young <= old) to += 1;
  }
  diffTexts(before.others, after.others, tell);
}

/** The same where they are looked up one by one. */
export function diffTexts(before: Part, after: Part, { added, removed, refreshed }: Difference): void {
  for (const text of before.keys()) if (!after.has(text)) removed(text);
  for (const [text, until] of after) {
    const known = before.get(text);
    if (known === until) continue;
    (known === undefined ? added : refreshed)(text, until);
  }
}
