/** policy.yaml: what people decided, whoever claims what. */
import * as v from 'valibot';
import { parseNet, type Net } from '../domain/net.ts';
import { SERVER_NAME } from '../domain/names.ts';
import { readDocument } from '../yaml/document.ts';
import { expected, expectedText } from '../yaml/expected.ts';
import { mistakeAt, type Mistake } from '../yaml/mistake.ts';
import { cutPlainEntries } from '../yaml/plain-entries.ts';
import { parseDay, parseTime } from '../yaml/time.ts';
import { escalateSchema, type EscalateRule } from './escalate-schema.ts';
import { exportsSchema, type ExportPolicy } from './export-schema.ts';
import {
  DEFAULT_LIMITS,
  limitsSchema,
  noServer,
  unknownKey,
  whole,
  withLimits,
  type Limits,
} from './limit-schemas.ts';
import { listsSchema, type ListPolicy } from './list-schema.ts';
import {
  peersSchema,
  PUBLISH_ALL,
  publishSchema,
  type PeerPolicy,
  type PublishPolicy,
} from './peer-policy.ts';
import { FILE_KEYS, LIMITS_KEYS, NET_KEYS } from './policy-keys.ts';

export interface Policy {
  /** Never dropped. */
  readonly allow: readonly PolicyNet[];
  /** Always dropped, on all ports. */
  readonly deny: readonly PolicyNet[];
  readonly defaults: Limits;
  readonly servers: ReadonlyMap<string, Limits>;
  readonly escalate: readonly EscalateRule[];
  /** The prefix length of what is dropped for an IPv6 address; undefined: the address alone. */
  readonly aggregate6: number | undefined;
  readonly lists: readonly ListPolicy[];
  readonly exports: readonly ExportPolicy[];
  /** By name: the firewalls that are believed. Nobody is a peer by default. */
  readonly peers: ReadonlyMap<string, PeerPolicy>;
  readonly publish: PublishPolicy;
}

export interface PolicyNet {
  readonly net: Net;
  readonly note: string | undefined;
  /** Milliseconds since 1970; Infinity when it has no end. */
  readonly until: number;
  /** In policy.yaml, from 1. */
  readonly line: number;
}

type ReadPolicy =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

export const EMPTY_POLICY: Policy = {
  allow: [],
  deny: [],
  defaults: DEFAULT_LIMITS,
  servers: new Map(),
  ...{ escalate: [], aggregate6: undefined, lists: [], exports: [] },
  peers: new Map(),
  publish: PUBLISH_ALL,
};

/** Reads the text of policy.yaml. */
export function readPolicy(text: string): ReadPolicy {
  // Editors empty a file before they write it: nobody is to lose what is allowed in between.
  if (text.trim() === '') return { kind: 'mistakes', mistakes: [EMPTY_FILE] };
  return readWithPlainDeny(text) ?? readPolicyByParser(text);
}

/** Undefined where what it denies stands in no plain lines, or anything is wrong: then all of it is to be read. */
function readWithPlainDeny(text: string): ReadPolicy | undefined {
  const deny: PolicyNet[] = [];
  const cut = cutPlainEntries(text, 'deny', (fields, line) => {
    const { success, output } = v.safeParse(entrySchema, fields);
    if (success) deny.push({ ...output, line });
    return success;
  });
  if (cut === undefined) return undefined;
  const read = readDocument(cut.rest, policySchema);
  if (read.kind === 'mistakes' || read.value.deny.length > 0) return undefined;
  // Else the key stands within a text in quotes.
  if (read.lineOf(['deny']) !== cut.keyLine) return undefined;
  const lineOf: LineOf = (path) => {
    const line = read.lineOf(path);
    return line > cut.keyLine ? line + cut.lines : line;
  };
  return { kind: 'policy', policy: { ...policyOf(read.value, lineOf), deny } };
}

/** The same by the yaml package alone, which says what is right. */
export function readPolicyByParser(text: string): ReadPolicy {
  const read = readDocument(text, policySchema);
  if (read.kind === 'mistakes') return read;
  return { kind: 'policy', policy: policyOf(read.value, read.lineOf) };
}

type LineOf = (path: readonly (string | number)[]) => number;

function policyOf(
  { allow, deny, limits, ...others }: v.InferOutput<typeof policySchema>,
  lineOf: LineOf,
): Policy {
  const defaults = withLimits(DEFAULT_LIMITS, limits.default);
  return {
    allow: allow.map((entry, index) => ({ ...entry, line: lineOf(['allow', index]) })),
    deny: deny.map((entry, index) => ({ ...entry, line: lineOf(['deny', index]) })),
    defaults,
    servers: new Map(Object.entries(limits.servers).map(([name, own]) => [name, withLimits(defaults, own)])),
    ...others,
    aggregate6: others.aggregate6,
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

/** Of the whole file. */
export const policySchema = v.strictObject(
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
    escalate: escalateSchema,
    aggregate6: v.optional(whole(48, 127)),
    lists: listsSchema,
    exports: exportsSchema,
    peers: peersSchema,
    publish: publishSchema,
  },
  unknownKey(FILE_KEYS),
);
