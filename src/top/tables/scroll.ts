/** Which rows of many are shown: those that match the filter, from the offset on. */
import { numberText } from '../../domain/words.ts';
import type { View } from '../view.ts';

/** True where one of the texts has the filter in it, in capitals or not. */
export function matches(filter: string, texts: readonly string[]): boolean {
  const wanted = filter.toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

/** So many rows from the offset on; of an offset beyond the end, the last one. */
export function windowOf<T>(all: readonly T[], offset: number, rows: number): readonly T[] {
  const first = Math.max(0, Math.min(offset, all.length - 1));
  return all.slice(first, first + rows);
}

/** `120`, `from 7 of 120`, and of those that match a filter `3 match`. */
export function rangeText({ offset, filter }: View, total: number): string {
  const first = Math.min(offset, Math.max(0, total - 1)) + 1;
  const range = first === 1 ? numberText(total) : `from ${numberText(first)} of ${numberText(total)}`;
  return filter === '' ? range : `${range} match`;
}
