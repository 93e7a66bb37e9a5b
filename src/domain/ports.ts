/**
 * Port sets: what fail2ban writes in `<port>`, made canonical. Sorted, disjoint ranges of numbers, since iptables
 * prints numbers and a name must mean the same thing tomorrow.
 */
import type { Services } from './services.ts';

/** Inclusive. */
export type PortRange = readonly [first: number, last: number];

/** Sorted, disjoint, not empty; the whole range is spelled `all`. */
export type Ports = 'all' | readonly PortRange[];

const LAST_PORT = 65_535;

type ParsedPorts =
  { readonly kind: 'ports'; readonly ports: Ports } | { readonly kind: 'bad'; readonly word: string };

/** Parses numbers, service names, `a:b` or `a-b` ranges, with commas between; a bad word is handed back. */
export function parsePorts(text: string, services: Services): ParsedPorts {
  const ranges: PortRange[] = [];
  for (const word of text.split(',').map((part) => part.trim())) {
    if (word === 'all') return { kind: 'ports', ports: 'all' };
    const range = parseRange(word, services);
    if (range === undefined) return { kind: 'bad', word };
    ranges.push(range);
  }
  return { kind: 'ports', ports: canonicalPorts(ranges) };
}

/** Every port that is in one of the two. */
export function unionPorts(a: Ports, b: Ports): Ports {
  return a === 'all' || b === 'all' ? 'all' : canonicalPorts([...a, ...b]);
}

/** The union of any number of sets, whatever their order. What one more costs depends on its own length alone. */
export class PortUnion {
  #isAll = false;
  /** By the first port of each range; of ranges that begin alike the longest holds the others. */
  readonly #lasts = new Map<number, number>();

  add(ports: Ports): void {
    if (ports === 'all') this.#isAll = true;
    if (this.#isAll || ports === 'all') return;
    for (const [first, last] of ports) {
      if ((this.#lasts.get(first) ?? -1) < last) this.#lasts.set(first, last);
    }
  }

  /** Of at least one set. */
  ports(): Ports {
    return this.#isAll ? 'all' : canonicalPorts([...this.#lasts]);
  }
}

/** `all`, or as multiport writes it: `22,80:90`. */
export function formatPorts(ports: Ports): string {
  return ports === 'all' ? 'all' : ports.map(formatRange).join(',');
}

/**
 * Cuts a port set into pieces that fit one multiport match: XT_MULTI_PORTS is 15, and a range takes two
 * (linux/netfilter/xt_multiport.h).
 */
export function multiportChunks(ports: readonly PortRange[]): readonly (readonly PortRange[])[] {
  const chunks: PortRange[][] = [];
  let free = 0;
  for (const range of ports) {
    const slots = range[0] === range[1] ? 1 : 2;
    if (slots > free) {
      chunks.push([]);
      free = MULTIPORT_SLOTS;
    }
    chunks.at(-1)?.push(range);
    free -= slots;
  }
  return chunks;
}

const MULTIPORT_SLOTS = 15;

/**
 * Every packet passes every jump, and a server may name another port in each ban: what takes more multiport matches
 * than this is all ports. That is 120 ports; fail2ban's own jails have ten at most.
 */
const MAX_MATCHES = 8;

/** The ports, or all where they take more multiport matches than a chain may have. */
export function widenPorts(ports: Ports): Ports {
  return ports !== 'all' && multiportChunks(ports).length > MAX_MATCHES ? 'all' : ports;
}

function parseRange(word: string, services: Services): PortRange | undefined {
  const ends = /^([0-9]{1,5})(?:[:-]([0-9]{1,5}))?$/.exec(word);
  if (ends === null) {
    const port = services.get(word.toLowerCase());
    return port === undefined ? undefined : [port, port];
  }
  const first = Number(ends[1]);
  const last = ends[2] === undefined ? first : Number(ends[2]);
  return first <= last && last <= LAST_PORT ? [first, last] : undefined;
}

function canonicalPorts(ranges: readonly PortRange[]): Ports {
  const merged: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1]) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  // Before a range from 1 on there can be port 0 alone.
  const end = merged.at(-1);
  return end !== undefined && end[0] <= 1 && end[1] === LAST_PORT ? 'all' : merged;
}

function formatRange([first, last]: PortRange): string {
  return first === last ? String(first) : `${first}:${last}`;
}
