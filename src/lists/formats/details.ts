/** Makes entries of ranges and what is told of them: no detail is there that says nothing. */
import type { Details, Entry } from '../entry.ts';
import type { Range } from '../range.ts';

/** Each may be undefined, and a reason may be empty. */
export interface Told {
  readonly reason?: string | undefined;
  readonly jail?: string | undefined;
  readonly until?: number | undefined;
  readonly left?: number | undefined;
}

/** The range itself where nothing is told. */
export function entryOf(range: Range, { reason = '', jail, until, left }: Told): Entry {
  const trimmed = reason.trim();
  const details: Details = {
    ...(trimmed !== '' && { reason: trimmed }),
    ...(jail !== undefined && { jail }),
    ...(until !== undefined && { until }),
    ...(left !== undefined && { left }),
  };
  return Object.keys(details).length === 0 ? range : { ...range, details };
}
