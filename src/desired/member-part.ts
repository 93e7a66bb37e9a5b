/**
 * The members of one region with their ends: hosts of IPv4 as numbers in order of their addresses, 12 bytes each, all
 * others by their text. A part never changes. Texts are made when they are asked for, and nothing keeps them.
 */
import { parseIpv4 } from '../domain/ipv4.ts';
import { FULL_PREFIX, type Net } from '../domain/net.ts';
import { textOf4 } from '../lists/text-of.ts';
import type { Part } from './members.ts';

const NOWHERE = -1;

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
    let [low, high] = [0, this.addresses.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.addresses[middle] ?? 0) < sought) low = middle + 1;
      else high = middle;
    }
    return this.addresses[low] === sought ? this.ends[low] : undefined;
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

/** A part while it is filled. */
export class PartDraft {
  readonly #hosts = new Map<number, number>();
  readonly #others = new Map<string, number>();
  #last = NOWHERE;
  #isSorted = true;

  /** Adds a member; of several ends the last one counts. False where it was there. */
  add({ family, text, prefix, bits }: Net, until: number): boolean {
    if (typeof bits === 'number' && prefix === FULL_PREFIX[family]) {
      const address = bits >>> 0;
      this.#isSorted &&= this.#last <= address;
      this.#last = address;
      return keepLater(this.#hosts, address, until);
    }
    return keepLater(this.#others, text, until);
  }

  part(): MemberPart {
    const addresses = Uint32Array.from(this.#hosts.keys());
    if (!this.#isSorted) addresses.sort();
    const ends = Float64Array.from(addresses, (address) => this.#hosts.get(address) ?? 0);
    return new MemberPart(addresses, ends, this.#others);
  }
}

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
