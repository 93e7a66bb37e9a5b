/** policy.yaml: what people decided, whoever claims what. */
import * as v from 'valibot';
import { parseNet, type Net } from '../domain/net.ts';
import { JAIL_NAME, SERVER_NAME } from '../domain/names.ts';
import { readDocument } from '../yaml/document.ts';
import { expected, expectedLength, expectedText, quote } from '../yaml/expected.ts';
import { mistakeAt, type Mistake } from '../yaml/mistake.ts';
import { parseDay, parseDuration, parseTime } from '../yaml/time.ts';
import { FILE_KEYS, LIMIT_KEYS, LIMITS_KEYS, NET_KEYS } from './policy-keys.ts';

export interface Policy {
  /** Never dropped. */
  readonly allow: readonly PolicyNet[];
  /** Always dropped, on all ports. */
  readonly deny: readonly PolicyNet[];
  readonly defaults: Limits;
  readonly servers: ReadonlyMap<string, Limits>;
}

export interface PolicyNet {
  readonly net: Net;
  readonly note: string | undefined;
  /** Milliseconds since 1970; Infinity when it has no end. */
  readonly until: number;
  /** In policy.yaml, from 1. */
  readonly line: number;
}

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

type ReadPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/** SPEC.md, section 5. */
export const DEFAULT_LIMITS: Limits = {
  claims: 20_000,
  prefix4: 24,
  prefix6: 48,
  bantime: Infinity,
  jails: undefined,
};

export const EMPTY_POLICY: Policy = { allow: [], deny: [], defaults: DEFAULT_LIMITS, servers: new Map() };

/** Reads the text of policy.yaml. */
export function readPolicy(text: string): ReadPolicy {
  // Editors empty a file before they write it: nobody is to lose what is allowed in between.
  if (text.trim() === '') return { kind: 'mistakes', mistakes: [EMPTY_FILE] };
  const read = readDocument(text, policySchema);
  if (read.kind === 'mistakes') return read;
  const { allow, deny, limits } = read.value;
  const defaults = withLimits(DEFAULT_LIMITS, limits.default);
  return {
    kind: 'policy',
    policy: {
      allow: allow.map((entry, index) => ({ ...entry, line: read.lineOf(['allow', index]) })),
      deny: deny.map((entry, index) => ({ ...entry, line: read.lineOf(['deny', index]) })),
      defaults,
      servers: new Map(
        Object.entries(limits.servers).map(([name, own]) => [name, withLimits(defaults, own)]),
      ),
    },
  };
}

const EMPTY_FILE = mistakeAt(
  { line: 1, column: 1 },
  { code: 'empty', write: '{}', means: 'a policy that allows and denies nothing' },
);

const netSchema = v.pipe(
  v.string(expected('an IPv4 or IPv6 address or CIDR')),
  v.rawTransform(({ dataset, addIssue, NEVER }): Net => {
    const net = parseNet(dataset.value);
    if (net !== undefined) return net;
    addIssue({ message: expected('an IPv4 or IPv6 address or CIDR')({ input: dataset.value }) });
    return NEVER;
  }),
);

const DAY_MS = 24 * 3600 * 1000;
const DATE = 'a date such as 2027-01-01, or a time such as 2027-01-01T13:30:00Z';

/** A date ends with its day, in UTC. */
const untilSchema = v.optional(
  v.pipe(
    v.string(expected(DATE)),
    v.rawTransform(({ dataset, addIssue, NEVER }): number => {
      const day = parseDay(dataset.value);
      const end = day === undefined ? parseTime(dataset.value) : day + DAY_MS;
      if (end !== undefined) return end;
      addIssue({ message: expected(DATE)({ input: dataset.value }) });
      return NEVER;
    }),
  ),
);

const entrySchema = v.pipe(
  v.strictObject(
    { net: netSchema, note: v.optional(v.string(expectedText)), until: untilSchema },
    unknownKey(NET_KEYS),
  ),
  v.transform(({ net, note, until = Infinity }) => ({ net, note, until })),
);

const BANTIME = 'a time such as 600, 2h, 1d12h, 30d or 3mo, or never';
const JAIL = 'the name of a jail';

const bantimeSchema = v.pipe(
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

const limitsSchema = v.strictObject(
  {
    claims: v.optional(whole(0, 1_000_000)),
    prefix4: v.optional(whole(1, 32)),
    prefix6: v.optional(whole(1, 128)),
    bantime: v.optional(bantimeSchema),
    jails: v.optional(
      v.array(
        v.pipe(v.string(expected(JAIL)), v.regex(JAIL_NAME, expected(JAIL))),
        expected('a list of jails'),
      ),
    ),
  },
  unknownKey(LIMIT_KEYS),
);

const policySchema = v.strictObject(
  {
    allow: v.optional(
      v.nullable(v.array(entrySchema, expected('a list of { net, note, until }')), () => []),
      () => [],
    ),
    deny: v.optional(
      v.nullable(v.array(entrySchema, expected('a list of { net, note, until }')), () => []),
      () => [],
    ),
    limits: v.optional(
      v.strictObject(
        {
          default: v.optional(limitsSchema, {}),
          servers: v.optional(
            v.record(
              v.pipe(v.string(), v.regex(SERVER_NAME, noServer)),
              limitsSchema,
              expected('a mapping of servers to their limits'),
            ),
            {},
          ),
        },
        unknownKey(LIMITS_KEYS),
      ),
      {},
    ),
  },
  unknownKey(FILE_KEYS),
);

function whole(least: number, most: number) {
  const message = expected(`a whole number from ${least} to ${most}`);
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}

function noServer({ input }: { readonly input: unknown }): string {
  return `${quote(input)} is not a valid server name: 1-63 characters of a-z 0-9 . -, beginning with a letter or digit`;
}

/** What is written without a blank after its colon is a key, or a word, with a colon in it. */
function unknownKey(keys: object) {
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

function withLimits(base: Limits, own: ReadLimits): Limits {
  return {
    claims: own.claims ?? base.claims,
    prefix4: own.prefix4 ?? base.prefix4,
    prefix6: own.prefix6 ?? base.prefix6,
    bantime: own.bantime ?? base.bantime,
    jails: own.jails ?? base.jails,
  };
}
