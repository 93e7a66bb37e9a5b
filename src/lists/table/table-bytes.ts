/**
 * A table as bytes, to be kept on the disk of the machine that made it: a million nets are read again in milliseconds,
 * where their text takes a second. Numbers are as this machine has them.
 */
import { FAMILIES } from '../../domain/net.ts';
import { NetPart } from './net-part.ts';
import { NetTable } from './net-table.ts';
import { Section4, Section6, type Section } from './section.ts';

/** Each region and how many nets it has, in the order of the bytes. */
type RegionSizes = readonly (readonly [region: string, size: number])[];

interface TableBytes {
  readonly regions: RegionSizes;
  readonly bytes: Uint8Array;
}

/** Encodes all of a table. */
export function encodeTable(table: NetTable): TableBytes {
  const parts = FAMILIES.flatMap((family) => Array.from(table.parts(family)));
  return {
    regions: parts.map(([region, { size }]) => [region, size]),
    bytes: Buffer.concat(parts.flatMap(([, { section }]) => section.bytes)),
  };
}

/** Undefined where the bytes are not those of these regions. */
export function decodeTable({ regions, bytes }: TableBytes): NetTable | undefined {
  const parts = { ipv4: new Map<string, NetPart>(), ipv6: new Map<string, NetPart>() };
  let at = 0;
  const take = (length: number): Uint8Array => bytes.slice(at, (at += length));
  for (const [region, size] of regions) {
    const isIpv4 = region.startsWith('ipv4/');
    const length = size * (isIpv4 ? BYTES_PER_NET.ipv4 : BYTES_PER_NET.ipv6);
    if (at + length > bytes.length) return undefined;
    const section = isIpv4 ? section4(take, size) : section6(take, size);
    parts[isIpv4 ? 'ipv4' : 'ipv6'].set(region, new NetPart(section));
  }
  return at === bytes.length ? new NetTable(parts) : undefined;
}

/** Its first address, and its prefix. */
const BYTES_PER_NET = { ipv4: 5, ipv6: 17 } as const;

type Take = (length: number) => Uint8Array;

function section4(take: Take, size: number): Section {
  return new Section4(new Uint32Array(aligned(take(size * 4))), take(size));
}

function section6(take: Take, size: number): Section {
  return new Section6(new BigUint64Array(aligned(take(size * 16))), take(size));
}

/** In memory of its own, which begins where numbers may. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return own;
}
