/**
 * When which net was banned under two policies, the one before and the one after, by whom, and when a claim on it did
 * not count: as few numbers as will do, since there may be a million. Pure.
 */
import type { Net } from '../domain/net.ts';
import type { Label, Span } from './verdicts.ts';

/** Under the policy that is replaced, and under the one that takes its place. */
export type Side = 'before' | 'after';

export const SIDES: readonly Side[] = ['before', 'after'];

const BITS = { before: 1, after: 2 } as const;

export interface NetTimes {
  readonly net: Net;
  /** Three for each: the label with its sides, from, to. */
  readonly entries: number[];
}

/** One of them, taken apart. */
export interface Entry {
  readonly label: Label;
  readonly before: boolean;
  readonly after: boolean;
  readonly from: number;
  readonly to: number;
}

export interface Window {
  readonly since: number;
  readonly end: number;
}

export class BanTimes {
  readonly #window: Window;
  readonly #nets = new Map<string, NetTimes>();
  readonly #labels: Label[] = [];
  readonly #numbers = new Map<Label, number>();

  constructor(window: Window) {
    this.#window = window;
  }

  get nets(): Iterable<NetTimes> {
    return this.#nets.values();
  }

  /** What both make of one piece; where that is the same it takes half the room. */
  add(before: readonly Span[], after: readonly Span[]): void {
    const isSame =
      before.length === after.length &&
      before.every((span, index) => {
        const other = after[index];
        return (
          span.label === other?.label &&
          span.net.text === other.net.text &&
          span.from === other.from &&
          span.to === other.to
        );
      });
    for (const span of before) this.#add(span, isSame ? BITS.before | BITS.after : BITS.before);
    if (!isSame) for (const span of after) this.#add(span, BITS.after);
  }

  /** All about a net. */
  *entriesOf({ entries }: NetTimes): Generator<Entry> {
    for (let at = 0; at < entries.length; at += 3) {
      const [code = 0, from = 0, to = 0] = entries.slice(at, at + 3);
      const label = this.#labels[code >> 2];
      if (label !== undefined)
        yield { label, before: (code & BITS.before) !== 0, after: (code & BITS.after) !== 0, from, to };
    }
  }

  #add({ net, label, from, to }: Span, sides: number): void {
    const [start, end] = [Math.max(from, this.#window.since), Math.min(to, this.#window.end)];
    if (start >= end) return;
    let times = this.#nets.get(net.text);
    if (times === undefined) this.#nets.set(net.text, (times = { net, entries: [] }));
    const { entries } = times;
    const code = (this.#numberOf(label) << 2) | sides;
    const isMore = entries.at(-3) === code && entries.at(-1) === start;
    if (isMore) entries[entries.length - 1] = end;
    else entries.push(code, start, end);
  }

  #numberOf(label: Label): number {
    let number = this.#numbers.get(label);
    if (number === undefined) {
      number = this.#labels.push(label) - 1;
      this.#numbers.set(label, number);
    }
    return number;
  }
}
