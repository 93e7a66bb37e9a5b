/**
 * Addresses of one region with their trails, as a tree that is never changed in place: a change makes anew what lies on
 * the way to it, a few hundred entries however many there are. It branches by the bits of an address, so that what lies
 * in one network is found without a look at the rest.
 */
import { contains, type Net } from '../../domain/net.ts';
import type { Trail } from './trail.ts';

/** What is remembered of one address or network. */
export interface Seen {
  readonly ip: Net;
  /** Of each server and jail one, in no particular order. */
  readonly trails: readonly Trail[];
}

export type SeenTree = Leaf | Branch;

/** By text. */
interface Leaf {
  readonly kind: 'leaf';
  readonly seen: ReadonlyMap<string, Seen>;
}

/** By the part of the address that the depth says. */
interface Branch {
  readonly kind: 'branch';
  readonly parts: ReadonlyMap<number, SeenTree>;
  /** How many addresses it holds. */
  readonly size: number;
}

export const EMPTY_TREE: SeenTree = { kind: 'leaf', seen: new Map() };

/** More are parted, if they can be: a leaf is copied whole where one of it changes. */
const MOST_OF_LEAF = 512;

/** Below a region: the three bytes of IPv4; of IPv6 the site, the network and the address. */
const DEPTHS = 3;

/** With these in place of what was known of their addresses; one without trails is taken out. */
export function putSeen(tree: SeenTree, changed: readonly Seen[], depth = 0): SeenTree {
  if (changed.length === 0) return tree;
  if (tree.kind === 'branch') {
    const parts = new Map(tree.parts);
    let { size } = tree;
    for (const [part, own] of byPart(changed, depth)) {
      const old = parts.get(part) ?? EMPTY_TREE;
      const put = putSeen(old, own, depth + 1);
      size += countSeen(put) - countSeen(old);
      if (isEmpty(put)) parts.delete(part);
      else parts.set(part, put);
    }
    return { kind: 'branch', parts, size };
  }
  const seen = new Map(tree.seen);
  for (const each of changed) {
    if (each.trails.length === 0) seen.delete(each.ip.text);
    else seen.set(each.ip.text, each);
  }
  if (seen.size <= MOST_OF_LEAF || depth === DEPTHS) return { kind: 'leaf', seen };
  return putSeen({ kind: 'branch', parts: new Map(), size: 0 }, Array.from(seen.values()), depth);
}

/**
 * True where one address more of its networks may be remembered. A site (/48) and a network (/64) of IPv6 hold more
 * addresses than anybody could count, so each has a most, whoever told them: what a rule looks through for one ban more
 * is bounded. A net of IPv4 that a rule may count has 4,096 at the most.
 */
export function hasRoomFor(tree: SeenTree, ip: Net): boolean {
  let at = tree;
  for (const most of ip.family === 'ipv6' ? [MOST_OF_SITE, MOST_OF_NETWORK] : []) {
    if (at.kind === 'leaf') return true;
    at = at.parts.get(partOf(ip, most === MOST_OF_SITE ? 0 : 1)) ?? EMPTY_TREE;
    if (countSeen(at) >= most) return false;
  }
  return true;
}

export const MOST_OF_SITE = 16_384;
export const MOST_OF_NETWORK = 4_096;

function countSeen(tree: SeenTree): number {
  return tree.kind === 'leaf' ? tree.seen.size : tree.size;
}

/** What is known of exactly this address or network. */
export function seenOf(tree: SeenTree, ip: Net): Seen | undefined {
  let [at, depth] = [tree, 0];
  while (at.kind === 'branch') {
    at = at.parts.get(partOf(ip, depth)) ?? EMPTY_TREE;
    depth += 1;
  }
  return at.seen.get(ip.text);
}

/** All of it. */
export function* allSeen(tree: SeenTree): Generator<Seen> {
  if (tree.kind === 'leaf') yield* tree.seen.values();
  else for (const part of tree.parts.values()) yield* allSeen(part);
}

/** All that lies inside a network, which is one that a region holds whole. */
export function* seenInside(tree: SeenTree, net: Net, depth = 0): Generator<Seen> {
  if (tree.kind === 'leaf') {
    for (const seen of tree.seen.values()) if (contains(net, seen.ip)) yield seen;
  } else if (depth < depthOf(net)) {
    const part = tree.parts.get(partOf(net, depth));
    if (part !== undefined) yield* seenInside(part, net, depth + 1);
  } else for (const part of tree.parts.values()) yield* seenInside(part, net, depth + 1);
}

/** What is in the one and not the same in the other: a part that is the same object is not looked at. */
export function* newlySeen(before: SeenTree, after: SeenTree): Generator<Seen> {
  if (before === after) return;
  if (before.kind === 'branch' && after.kind === 'branch') {
    for (const [part, own] of after.parts) yield* newlySeen(before.parts.get(part) ?? EMPTY_TREE, own);
    return;
  }
  const known = before.kind === 'leaf' ? before.seen : byText(before);
  for (const seen of allSeen(after)) if (known.get(seen.ip.text) !== seen) yield seen;
}

function byText(tree: SeenTree): ReadonlyMap<string, Seen> {
  return new Map(Array.from(allSeen(tree), (seen) => [seen.ip.text, seen]));
}

function isEmpty(tree: SeenTree): boolean {
  return (tree.kind === 'leaf' ? tree.seen : tree.parts).size === 0;
}

function byPart(seen: readonly Seen[], depth: number): ReadonlyMap<number, Seen[]> {
  const parts = new Map<number, Seen[]>();
  for (const each of seen) {
    const part = partOf(each.ip, depth);
    const own = parts.get(part);
    if (own === undefined) parts.set(part, [each]);
    else own.push(each);
  }
  return parts;
}

/** One byte: of IPv4 as it stands, of IPv6 out of all bits up to there, so that nobody's network fills one part. */
function partOf({ bits }: Net, depth: number): number {
  if (typeof bits === 'number') return (bits >>> (16 - 8 * depth)) & 0xff;
  const known = bits >> (IPV6_SHIFTS[depth] ?? 0n);
  const words = [0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, known >> shift)));
  const mixed = words.reduce((sum, word) => Math.imul(sum ^ word, GOLDEN) ^ (sum >>> 15), 0);
  return mixed >>> 24;
}

/** What is left of 128 bits: a /48, a /64, a host. */
const IPV6_SHIFTS = [80n, 64n, 0n] as const;

/** 2³² divided by the golden ratio, as in domain/address-table.ts. */
const GOLDEN = 0x9e3779b1;

/** How many parts of the way all that is inside the network has in common. */
function depthOf({ family, prefix }: Net): number {
  const ends = family === 'ipv4' ? [16, 24, 32] : [48, 64, 128];
  return ends.filter((end) => prefix >= end).length;
}
