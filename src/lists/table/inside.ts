/** What of a table lies inside of a net, found by bisection: a table has a million nets. */
import { FULL_PREFIX, type Net } from '../../domain/net.ts';
import type { NetTable } from './net-table.ts';
import type { Section, Start } from './section.ts';

/** How many nets of the table lie inside of this one, itself included. */
export function countInside(table: NetTable, net: Net): number {
  let count = 0;
  for (const { section } of table.parts(net.family).values()) {
    const [first, last] = endsOf(net);
    const from = firstAtOrBehind(section, first);
    // What begins inside ends inside, or else is the net around it.
    const isAround =
      from < section.size && section.startAt(from) === first && section.prefixAt(from) < net.prefix;
    if (!isAround) count += firstBehind(section, last) - from;
  }
  return count;
}

/** True where an address of the net is in the table. */
export function touches(table: NetTable, net: Net): boolean {
  return table.contains(net) || countInside(table, net) > 0;
}

function endsOf({ family, prefix, bits }: Net): readonly [first: Start, last: Start] {
  if (typeof bits === 'number') {
    const first = bits >>> 0;
    return [first, first + 2 ** (FULL_PREFIX.ipv4 - prefix) - 1];
  }
  return [bits, bits | ((1n << BigInt(FULL_PREFIX[family] - prefix)) - 1n)];
}

function firstAtOrBehind(section: Section, start: Start): number {
  return bisect(section, (each) => each >= start);
}

function firstBehind(section: Section, start: Start): number {
  return bisect(section, (each) => each > start);
}

/** The first place of which it is true; of all behind it is true as well. */
function bisect(section: Section, isIt: (start: Start) => boolean): number {
  let [low, high] = [0, section.size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isIt(section.startAt(middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}
