/** The limits of policy.yaml: of a server, and of a peer. */
import * as v from 'valibot';
import { JAIL_NAME } from '../domain/names.ts';
import { expected, expectedLength, quote } from '../yaml/expected.ts';
import { parseDuration } from '../yaml/time.ts';
import { LIMIT_KEYS } from './policy-keys.ts';

/** What a server may claim: a stolen key must not be able to close the network. */
export interface Limits {
  /** Addresses and networks at once. */
  readonly claims: number;
  /** The widest network, as a prefix length. */
  readonly prefix4: number;
  readonly prefix6: number;
  /** The longest ban in milliseconds; Infinity is no limit. */
  readonly bantime: number;
  /** Undefined: any. */
  readonly jails: readonly string[] | undefined;
}

/** SPEC.md, section 5. */
export const DEFAULT_LIMITS: Limits = {
  claims: 20_000,
  prefix4: 24,
  prefix6: 48,
  bantime: Infinity,
  jails: undefined,
};

const BANTIME = 'a time such as 600, 2h, 1d12h, 30d or 3mo, or never';
const JAIL = 'the name of a jail';

export const jailsSchema = v.array(
  v.pipe(v.string(expected(JAIL)), v.regex(JAIL_NAME, expected(JAIL))),
  expected('a list of jails'),
);

/** Milliseconds; Infinity of `never`. */
export const banLength = v.pipe(
  v.union([v.string(), v.number()], expected(BANTIME)),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const { value } = dataset;
    if (value === 'never') return Infinity;
    const milliseconds = parseDuration(value) ?? 0;
    if (milliseconds > 0) return milliseconds;
    addIssue({ message: expectedLength(BANTIME)({ input: value }) });
    return NEVER;
  }),
);

/** Of one server, or one peer; each key is optional. */
export const LIMIT_ENTRIES = {
  claims: v.optional(whole(0, 1_000_000)),
  prefix4: v.optional(whole(1, 32)),
  prefix6: v.optional(whole(1, 128)),
  bantime: v.optional(banLength),
  jails: v.optional(jailsSchema),
};

/** The limits of one server. */
export const limitsSchema = v.strictObject(LIMIT_ENTRIES, unknownKey(LIMIT_KEYS));

/** A number of a limit. */
export function whole(least: number, most: number): v.GenericSchema<unknown, number> {
  const message = expected(`a whole number from ${least} to ${most}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}

/** What is said of a text that cannot be the name of a server, or of a firewall. */
export function noServer({ input }: { readonly input: unknown }): string {
  return `${quote(input)} is not a valid server name: 1-63 characters of a-z 0-9 . -, beginning with a letter or digit`;
}

/** What is written without a blank after its colon is a key, or a word, with a colon in it. */
export function unknownKey(keys: object) {
  const known = Object.keys(keys).join(', ');
  return ({ expected: wanted, input, path }: v.StrictObjectIssue): string => {
    const [last] = (path ?? []).slice(-1);
    const written = wanted === 'never' ? last?.key : input;
    const blank =
      typeof written === 'string' && /^\w+:\S/.test(written) ? '; add a space after the colon' : '';
    if (wanted !== 'never') return `expected a mapping with ${known}${blank}`;
    const comma = last?.value === null && blank === '' ? '; quote text that contains a comma' : '';
    return `unknown key; the keys are ${known}${blank}${comma}`;
  };
}

type ReadLimits = v.InferOutput<typeof limitsSchema>;

/** The limits of `base`, but for those of its own. */
export function withLimits(base: Limits, own: ReadLimits): Limits {
  return {
    claims: own.claims ?? base.claims,
    prefix4: own.prefix4 ?? base.prefix4,
    prefix6: own.prefix6 ?? base.prefix6,
    bantime: own.bantime ?? base.bantime,
    jails: own.jails ?? base.jails,
  };
}
