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
  if (jail === undefined && until === undefined && left === undefined) {
    // By far the most, in lists of a million.
    return trimmed === '' ? range : withDetails(range, { reason: trimmed });
  }
  return withDetails(range, {
    ...(trimmed !== '' && { reason: trimmed }),
    ...(jail !== undefined && { jail }),
    ...(until !== undefined && { until }),
    ...(left !== undefined && { left }),
  });
}

/** Written out, since a spread takes four times as long. */
function withDetails(range: Range, details: Details): Entry {
  return range.family === 'ipv4'
    ? { family: range.family, first: range.first, last: range.last, details }
    : { family: range.family, first: range.first, last: range.last, details };
}
