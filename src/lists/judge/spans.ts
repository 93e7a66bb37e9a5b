/** Some hundred nets as sorted, disjoint ranges, to find by bisection what of a range lies inside of them. */
import type { Net } from '../../domain/net.ts';
import { rangeOf, type Range } from '../range.ts';

export class Spans {
  readonly #ipv4: readonly Span<number>[];
  readonly #ipv6: readonly Span<bigint>[];

  constructor(nets: readonly Net[]) {
    const ranges = nets.map(rangeOf);
    this.#ipv4 = merged(ranges.filter((range) => range.family === 'ipv4'));
    this.#ipv6 = merged(ranges.filter((range) => range.family === 'ipv6'));
  }

  /** Whether all of the range is of these. */
  hold(range: Range): boolean {
    return range.family === 'ipv4' ? holds(this.#ipv4, range) : holds(this.#ipv6, range);
  }

  /** What is left of the range without these; undefined where that is all of it. */
  rest(range: Range): readonly Range[] | undefined {
    return range.family === 'ipv4'
      ? restOf(this.#ipv4, range)?.map((span) => ({ family: 'ipv4', ...span }))
      : restOf(this.#ipv6, range)?.map((span) => ({ family: 'ipv6', ...span }));
  }
}

type Address = number | bigint;

interface Span<T extends Address> {
  readonly first: T;
  readonly last: T;
}

function merged<T extends Address>(ranges: readonly Span<T>[]): readonly Span<T>[] {
  const spans: { first: T; last: T }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1))) {
    const before = spans.at(-1);
    if (before === undefined || first > next(before.last)) spans.push({ first, last });
    else if (last > before.last) before.last = last;
  }
  return spans;
}

function holds<T extends Address>(spans: readonly Span<T>[], { first, last }: Span<T>): boolean {
  const span = spans[placeOf(spans, first)];
  return span !== undefined && span.first <= first && span.last >= last;
}

function restOf<T extends Address>(
  spans: readonly Span<T>[],
  { first, last }: Span<T>,
): readonly Span<T>[] | undefined {
  const rest: Span<T>[] = [];
  let at = first;
  let isWhole = true;
  for (let place = placeOf(spans, first); place < spans.length; place += 1) {
    const span = spans[place];
    if (span === undefined || span.first > last) break;
    isWhole = false;
    if (span.first > at) rest.push({ first: at, last: previous(span.first) });
    at = next(span.last);
  }
  if (isWhole) return undefined;
  if (at <= last) rest.push({ first: at, last });
  return rest;
}

/** The place of the first span that does not end ahead of the address. */
function placeOf<T extends Address>(spans: readonly Span<T>[], address: T): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const span = spans[middle];
    if (span !== undefined && span.last < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

function next<T extends Address>(address: T): T {
  return moved(address, 1) as T;
}

function previous<T extends Address>(address: T): T {
  return moved(address, -1) as T;
}

function moved(address: Address, by: 1 | -1): Address {
  return typeof address === 'number' ? address + by : address + BigInt(by);
}
