/**
 * Why a list could not be fetched: a code and its details, from which the words are made that the log, status and
 * doctor say. Details of a server's choosing are cut and without what a terminal obeys.
 */
import { wordsFor, type Coded } from '../domain/coded.ts';
import { cut, printable } from '../domain/printable.ts';
import { countText, numberText } from '../domain/words.ts';

const FETCH_ERRORS = {
  // On the way.
  unreachable: ({ host, said }: { readonly host: string; readonly said: string }) =>
    `${host}: ${shown(said)}`,
  silent: ({ host, step, seconds }: Silence) => `${host}: ${STEPS[step]} within ${numberText(seconds)} s`,
  slow: ({ host, seconds }: { readonly host: string; readonly seconds: number }) =>
    `${host}: the list is not complete after ${numberText(seconds)} s`,
  'no-authority': ({ ca, said }: { readonly ca: string; readonly said: string }) =>
    `the certificate ${ca} cannot be read: ${shown(said)}`,

  // What the server answered.
  status: ({ host, status }: { readonly host: string; readonly status: number }) =>
    `${host}: the server answered ${status}${MEANINGS[status] ?? ''}`,
  'too-many-redirects': ({ most }: { readonly most: number }) => `more than ${countText(most, 'redirect')}`,
  'no-redirect-target': ({ host }: { readonly host: string }) =>
    `${host}: the server redirects without a valid target`,
  'insecure-redirect': ({ to }: { readonly to: string }) =>
    `the server redirects from https to ${to}, which anyone on the way may change`,
  'private-redirect': ({ to }: { readonly to: string }) =>
    `the server redirects from a public address to ${to}, which has a private one`,
  'unknown-encoding': ({ encoding }: { readonly encoding: string }) =>
    `the server sends the encoding "${shown(encoding)}" and not gzip, deflate, br or none`,

  // The list itself.
  html: () => 'got a page of HTML, not a list',
  'not-text': () => 'got binary data, not a list',
  'no-entry': () => 'got a text without any entry that can be read',
  empty: () => 'got an empty file',
  truncated: ({ host, bytes }: { readonly host: string; readonly bytes: number }) =>
    `${host}: the connection ended after ${numberText(bytes)} bytes, before the end of the list`,
  'damaged-encoding': ({ bytes }: { readonly bytes: number }) =>
    `the compressed data is damaged after ${numberText(bytes)} bytes`,
  'too-large': ({ most }: { readonly most: number }) =>
    `the list is larger than ${numberText(most)} bytes; if it is right, raise its max`,

  // Here.
  'not-written': ({ said }: { readonly said: string }) => `the list cannot be written: ${shown(said)}`,
};

interface Silence {
  readonly host: string;
  /** What did not happen. */
  readonly step: keyof typeof STEPS;
  readonly seconds: number;
}

const STEPS = {
  connect: 'no connection',
  answer: 'no answer',
  data: 'no data',
};

const MEANINGS: Readonly<Record<number, string>> = {
  401: ' (it wants a login)',
  403: ' (forbidden)',
  404: ' (there is no such file)',
  410: ' (the file is gone)',
  429: ' (too many requests)',
  503: ' (it is not available)',
};

export type FetchError = Coded<typeof FETCH_ERRORS>;

/** One line, without a full stop. */
export function fetchErrorText(error: FetchError): string {
  return wordsFor(FETCH_ERRORS, error);
}

const MOST_CHARACTERS = 200;

function shown(text: string): string {
  return cut(printable(text), MOST_CHARACTERS);
}
