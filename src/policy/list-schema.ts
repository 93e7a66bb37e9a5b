/** `lists` of policy.yaml: lists of addresses that others publish, and that are dropped. */
import * as v from 'valibot';
import { lengthWithin, listOfNamed, oneOf, path } from '../config/fields.ts';
import { LIST_FORMATS, type ListFormat } from '../lists/list-format.ts';
import { expected, expectedText } from '../yaml/expected.ts';
import { unknownKey, whole } from './limit-schemas.ts';
import { LIST_KEYS } from './policy-keys.ts';

export interface ListPolicy {
  readonly name: string;
  readonly from:
    | { readonly kind: 'file'; readonly file: string }
    | {
        readonly kind: 'url';
        readonly url: string;
        /** Milliseconds between two requests. */
        readonly every: number;
        /** The file with the certificate of the authority that is believed; undefined: those of the system. */
        readonly ca: string | undefined;
      };
  /** Undefined: recognised. */
  readonly format: ListFormat | undefined;
  /** Milliseconds after which it is too old; Infinity: never. */
  readonly stale: number;
  /** The most entries. */
  readonly max: number;
  readonly note: string | undefined;
}

const [MINUTE_MS, DAY_MS] = [60_000, 24 * 3600 * 1000];

/** NAME.json is what the fetcher notes of it. */
export const LIST_NAME = /^(?!.*\.json$)[a-z0-9][a-z0-9._-]{0,31}$/;

const NAME =
  'the name of a list: 1-32 characters of a-z 0-9 . _ -, beginning with a letter or digit, not ending in .json';
const FILE = 'the name of a file in the folder of lists, without a path';
const URL_TEXT = 'a URL that begins with https://';

/** A name that cannot lead out of a folder, and hides nothing. */
export const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;

const url = v.pipe(
  v.string(expected(URL_TEXT)),
  v.check((text) => /^https?:\/\/[\x21-\x7e]+$/i.test(text) && URL.canParse(text), expected(URL_TEXT)),
);

const stale = v.union([
  v.pipe(
    v.literal('never'),
    v.transform(() => Infinity),
  ),
  lengthWithin(60 * MINUTE_MS, 366 * DAY_MS, 'a time from 1h to 1y, or never'),
]);

const listSchema = v.pipe(
  v.strictObject(
    {
      name: v.pipe(v.string(expected(NAME)), v.regex(LIST_NAME, expected(NAME))),
      file: v.optional(v.pipe(v.string(expected(FILE)), v.regex(FILE_NAME, expected(FILE)))),
      url: v.optional(url),
      every: v.optional(lengthWithin(5 * MINUTE_MS, 30 * DAY_MS, 'a time from 5m to 30d'), '12h'),
      format: v.optional(oneOf(...LIST_FORMATS)),
      stale: v.optional(stale, '7d'),
      max: v.optional(whole(1, 2_000_000), 200_000),
      note: v.optional(v.string(expectedText)),
      ca: v.optional(path),
      insecure: v.optional(v.boolean(expected('true or false')), false),
    } satisfies Record<keyof typeof LIST_KEYS, v.GenericSchema>,
    unknownKey(LIST_KEYS),
  ),
  v.check((list) => (list.file === undefined) !== (list.url === undefined), 'expected either file or url'),
  v.check(
    (list) => list.insecure || list.url === undefined || /^https:/i.test(list.url),
    ({ input }) =>
      `"${String(input.url)}": anyone on the way can change it; use https, or set insecure: true`,
  ),
  v.transform((read): ListPolicy => {
    const { name, format, stale: age, max, note, every, ca } = read;
    const from =
      read.url === undefined
        ? ({ kind: 'file', file: read.file ?? '' } as const)
        : ({ kind: 'url', url: read.url, every, ca } as const);
    return { name, from, format, stale: age, max, note };
  }),
);

/** A list of lists, each with a name of its own. */
export const listsSchema = listOfNamed(listSchema, {
  what: 'a list of { name, file } or { name, url }',
  nameOf: ({ name }) => name,
  twice: 'two lists are called',
});
