/** The fewest nets that hold exactly the addresses of a range, in order. Pure. */
import { FULL_PREFIX, type Net } from '../domain/net.ts';
import type { Range } from './range.ts';
import { textOf4, textOf6 } from './text-of.ts';

/** At the most 62 of IPv4, and 254 of IPv6. */
export function netsOfRange(range: Range): readonly Net[] {
  const { family } = range;
  const nets: Net[] = [];
  const [last, full] = [BigInt(range.last), FULL_PREFIX[family]];
  for (let at = BigInt(range.first); at <= last;) {
    let hostBits = 0;
    while (hostBits < full && isWithin(at, hostBits + 1, last)) hostBits += 1;
    nets.push(netAt(family, at, full - hostBits));
    at += 1n << BigInt(hostBits);
  }
  return nets;
}

/** True where a net of so many bits of hosts begins there, and ends with the last address or before. */
function isWithin(at: bigint, hostBits: number, last: bigint): boolean {
  const size = 1n << BigInt(hostBits);
  return at % size === 0n && at + size - 1n <= last;
}

function netAt(family: Net['family'], first: bigint, prefix: number): Net {
  const [text, bits] =
    family === 'ipv4' ? [textOf4(Number(first)), Number(first) | 0] : [textOf6(first), first];
  return { family, bits, prefix, text: prefix === FULL_PREFIX[family] ? text : `${text}/${prefix}` };
}
