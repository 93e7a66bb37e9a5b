/** `exports` of policy.yaml: files for other programs, with what is banned here. */
import * as v from 'valibot';
import { listOfNamed, oneOf } from '../config/fields.ts';
import { FAMILIES, type Family } from '../domain/net.ts';
import { expected } from '../yaml/expected.ts';
import { jailsSchema, unknownKey } from './limit-schemas.ts';
import { FILE_NAME } from './list-schema.ts';
import { EXPORT_KEYS } from './policy-keys.ts';

/** Docs/exports.md says who reads each. */
export const EXPORT_FORMATS = [
  'plain',
  'csv',
  'json',
  'nft',
  'ipset',
  'mikrotik',
  'haproxy',
  'nginx',
  'postfix',
  'rspamd',
] as const;

export interface ExportPolicy {
  /** In the folder of exports. */
  readonly file: string;
  readonly format: (typeof EXPORT_FORMATS)[number];
  /** Undefined: all. */
  readonly jails: readonly string[] | undefined;
  /** Whether nets that touch are made one. */
  readonly aggregate: boolean;
  readonly families: readonly Family[];
}

const FILE = 'the name of a file in the folder of exports, without a path';
const FAMILY = 'a list of ipv4, ipv6 or both';

const exportSchema = v.pipe(
  v.strictObject(
    {
      file: v.pipe(v.string(expected(FILE)), v.regex(FILE_NAME, expected(FILE))),
      format: oneOf(...EXPORT_FORMATS),
      jails: v.optional(jailsSchema),
      aggregate: v.optional(v.boolean(expected('true or false')), false),
      families: v.optional(
        v.pipe(v.array(oneOf(...FAMILIES), expected(FAMILY)), v.minLength(1, expected(FAMILY))),
        [...FAMILIES],
      ),
    } satisfies Record<keyof typeof EXPORT_KEYS, v.GenericSchema>,
    unknownKey(EXPORT_KEYS),
  ),
  v.transform(({ jails, ...rest }): ExportPolicy => ({ ...rest, jails })),
);

/** A list of exports, each to a file of its own. */
export const exportsSchema = listOfNamed(exportSchema, {
  what: 'a list of { file, format }',
  nameOf: ({ file }) => file,
  twice: 'two exports go to',
});
