/** A range of addresses, as iptables' iprange has it, in networks. */
import { FULL_PREFIX, parseNet, type Family, type Net } from './net.ts';

/** The fewest networks that are `FIRST-LAST` together; none for what is no range. */
export function netsOfRange(text: string): readonly Net[] {
  const [first, last, ...more] = text.split('-').map((end) => parseNet(end));
  if (first === undefined || last === undefined || more.length > 0) return [];
  if (first.family !== last.family || !isHost(first) || !isHost(last)) return [];
  const { family } = first;
  const nets: Net[] = [];
  const end = numberOf(last);
  for (let at = numberOf(first); at <= end;) {
    let bits = 0;
    // As large as where it begins and what is left allow.
    while (bits < FULL_PREFIX[family] && at % (1n << BigInt(bits + 1)) === 0n) {
      if (at + (1n << BigInt(bits + 1)) - 1n > end) break;
      bits += 1;
    }
    const net = parseNet(`${textOf(at, family)}/${FULL_PREFIX[family] - bits}`);
    if (net === undefined) return [];
    nets.push(net);
    at += 1n << BigInt(bits);
  }
  return nets;
}

function isHost({ family, prefix }: Net): boolean {
  return prefix === FULL_PREFIX[family];
}

function numberOf({ bits }: Net): bigint {
  return typeof bits === 'bigint' ? bits : BigInt(bits >>> 0);
}

function textOf(number: bigint, family: Family): string {
  const [width, count] = family === 'ipv4' ? [8n, 4] : [16n, 8];
  const parts = Array.from({ length: count }, (_, index) => {
    const part = (number >> (width * BigInt(count - 1 - index))) & ((1n << width) - 1n);
    return part.toString(family === 'ipv4' ? 10 : 16);
  });
  return parts.join(family === 'ipv4' ? '.' : ':');
}
