/** Values that keys of the config have in common. */
import { isAbsolute, normalize } from 'node:path';
import * as v from 'valibot';
import { expected, expectedLength } from '../yaml/expected.ts';
import { parseDuration } from '../yaml/time.ts';

export const path = v.pipe(
  v.string(expected('a path')),
  v.check(isAbsolute, expected('an absolute path')),
  v.transform((text) => normalize(`${text}/`).replace(/(.)\/$/, '$1')),
);

/** Milliseconds. */
export function lengthWithin(
  least: number,
  most: number,
  what: string,
): v.GenericSchema<string | number, number> {
  return v.pipe(
    v.union([v.string(), v.number()], expected('a time such as 60s or 5m')),
    v.rawTransform(({ dataset, addIssue, NEVER }): number => {
      const { value } = dataset;
      const milliseconds = parseDuration(value) ?? NaN;
      if (milliseconds >= least && milliseconds <= most) return milliseconds;
      addIssue({ message: expectedLength(what)({ input: value }) });
      return NEVER;
    }),
  );
}

export function oneOf<const T extends readonly string[]>(
  ...words: T
): v.PicklistSchema<T, v.ErrorMessage<v.PicklistIssue>> {
  return v.picklist(words, expected(words.join(' or ')));
}

/** The message of a mapping that has a key too many, or is none. */
export function keysMessage(keys: Readonly<Record<string, unknown>>) {
  const names = Object.keys(keys).join(', ');
  return (issue: { readonly expected: string | null }): string =>
    issue.expected === 'never' ? `unknown key; the keys are ${names}` : `expected a mapping of ${names}`;
}

interface Naming<T> {
  /** What the list is. */
  readonly what: string;
  readonly nameOf: (item: T) => string;
  /** What is said of two that have one name, ahead of it. */
  readonly twice: string;
}

/** A list, of which each has a name of its own; an empty one where there is nothing. */
export function listOfNamed<const T extends v.GenericSchema>(
  item: T,
  { what, nameOf, twice }: Naming<v.InferOutput<T>>,
): v.GenericSchema<unknown, readonly v.InferOutput<T>[]> {
  return v.optional(
    v.nullable(
      v.pipe(
        v.array(item, expected(what)),
        v.check(
          (all) => firstRepeated(all.map(nameOf)) === undefined,
          ({ input }) => `${twice} ${firstRepeated(input.map(nameOf)) ?? ''}`,
        ),
      ),
      () => [],
    ),
    () => [],
  );
}

function firstRepeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
