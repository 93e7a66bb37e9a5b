/**
 * What is wrong with a file that people write: its place, a code, and the words that are made of the code and its
 * details. All there can be in YAML, in the config, in a policy and in the state stand in one table; what a value of
 * a key should have been is said by expected.ts and by the schema that knows the key.
 */
import { wordsFor, type Coded } from '../domain/coded.ts';

const MISTAKES = {
  // In the words of the yaml package.
  'not-yaml': ({ said }: { readonly said: string }) => said,
  'too-deep': ({ most }: { readonly most: number }) => `nested more than ${most} levels deep`,
  empty: ({ write, means }: { readonly write: string; readonly means: string }) =>
    `the file is empty; ${write} is ${means}`,
  'repeated-key': ({ key, place }: { readonly key: string; readonly place: string }) =>
    `${key} is repeated; it is already ${place}: merge the two, or remove one`,
  'odd-key': ({ key, readAs }: { readonly key: string; readonly readAs: string }) =>
    `the key ${key} is read as ${readAs}: put it in quotes`,
  alias: ({ name }: { readonly name: string }) => `*${name} is an alias, and aliases are not supported`,
  tag: ({ name }: { readonly name: string }) => `${name} is a tag, and tags are not supported`,
  'adds-to-nothing': ({ written, nothing, line }: AddsToNothing) =>
    `${written} is empty, but line ${line} adds to it: remove the ${nothing}`,
  'adds-to-closed': ({ key, end, line }: AddsToClosed) =>
    `the value of ${key} ends here with ${end}, but line ${line} adds to it: move that line into the brackets`,
  'merge-conflict': ({ lastLine }: { readonly lastLine: number }) =>
    `an unresolved git merge conflict, up to line ${lastLine}: keep the lines that you want, and remove those that begin with <<<<<<<, ======= and >>>>>>>`,
  'left-of-conflict': ({ marker }: { readonly marker: string }) =>
    `${marker} is left over from a git merge conflict: remove it`,

  // In the words of a schema.
  'missing-key': ({ key }: { readonly key: string }) => `${key} is missing`,
  'unknown-key': (details: OfSchema) => wordsOfSchema(details),
  'wrong-value': (details: OfSchema) => wordsOfSchema(details),
};

/** A mistake in a file; line and column count from 1. */
export interface Mistake extends Position {
  readonly code: keyof typeof MISTAKES;
  readonly message: string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The mistake at that place. */
export function mistakeAt({ line, column }: Position, what: Coded<typeof MISTAKES>): Mistake {
  return { line, column, code: what.code, message: wordsFor(MISTAKES, what) };
}

interface AddsToNothing {
  /** With its key, where it has one. */
  readonly written: string;
  readonly nothing: string;
  readonly line: number;
}

interface AddsToClosed {
  readonly key: string;
  /** The bracket. */
  readonly end: string;
  readonly line: number;
}

interface OfSchema {
  /** Keys and indices; empty for the whole file. */
  readonly path: readonly (string | number)[];
  readonly said: string;
}

function wordsOfSchema({ path, said }: OfSchema): string {
  return path.length === 0 ? said : `${path.join('.')}: ${said}`;
}
