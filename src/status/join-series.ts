/**
 * Makes one series of each jail and family out of rows that may name the same one twice: jails beyond the bound of
 * `names` are all called `other`, and a server may have a jail that is called as what policy.yaml denies.
 */
import type { SeriesNames } from './series-names.ts';

interface Row {
  readonly jail: string;
  readonly family: string;
}

/** Each jail and family once, in the order in which they come; `add` joins two rows of one. */
export function joinSeries<R extends Row>(
  rows: Iterable<R>,
  names: SeriesNames,
  add: (a: R, b: R) => R,
): readonly R[] {
  const joined = new Map<string, R>();
  for (const each of rows) {
    const row = { ...each, jail: names.of(each.jail) };
    const key = `${row.family} ${row.jail}`;
    const known = joined.get(key);
    joined.set(key, known === undefined ? row : add(known, row));
  }
  return [...joined.values()];
}
