/** /etc/banspool/config.yaml: every key is optional. */
import type { Mode } from './mode.ts';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { readDocument } from '../yaml/document.ts';
import { expected } from '../yaml/expected.ts';
import type { Mistake } from '../yaml/mistake.ts';
import { CONFIG_KEYS } from './config-keys.ts';
import { lengthWithin, oneOf, path } from './fields.ts';
import { fleetOf, fleetSchema } from './fleet-section.ts';
import { notifyOf, notifySchema, type NotifyConfig } from './notify-section.ts';

export interface Config {
  readonly spool: string;
  readonly state: string;
  readonly rejected: string;
  /** Where status.json goes. */
  readonly runtime: string;
  /** The file for Prometheus. */
  readonly metrics: string;
  /** `observe`: the firewall is left alone. */
  readonly mode: Mode;
  /** Folder of files for lists of the policy. */
  readonly lists: string;
  /** Folder of files for exports of the policy. */
  readonly exports: string;
  /** Milliseconds between full passes. */
  readonly interval: number;
  readonly iptables: 'auto' | 'nft' | 'legacy';
  /** `auto` takes sets for chains of more than 1,000 bans. */
  readonly backend: 'auto' | 'rules' | 'ipset';
  readonly chainPrefix: string;
  readonly hooks: readonly string[];
  /** What is dropped on all ports is dropped ahead of connection tracking too. */
  readonly early: boolean;
  readonly families: readonly ('ipv4' | 'ipv6')[];
  readonly verdict: 'DROP' | 'REJECT';
  /** Undefined: this firewall shares no bans. */
  readonly fleet: FleetConfig | undefined;
  /** Undefined: nobody is told. */
  readonly notify: NotifyConfig | undefined;
}

export interface FleetConfig {
  /** Of this firewall, as its peers know it. */
  readonly name: string;
  readonly engine: 'folder' | 'git' | 'valkey';
  /** Holds `out`, which this firewall publishes, and `in/NAME`, what each peer published. */
  readonly folder: string;
  /** The private ssh key of the signatures. */
  readonly key: string;
  /** Of the engines that have one. */
  readonly remote: string | undefined;
  /** Milliseconds between two looks at the remote. */
  readonly every: number;
  /** The private ssh key that git reaches the remote with. */
  readonly identity: string;
  /** The file with the password for Valkey. */
  readonly password: string;
  /** Files of the certificates that are believed and shown with TLS; undefined: those of the system, and none. */
  readonly ca: string | undefined;
  readonly certificate: string | undefined;
}

type ReadConfig =
  | { readonly kind: 'config'; readonly config: Config }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

export const DEFAULT_CONFIG_PATH = '/etc/banspool/config.yaml';

/** Reads the text of the config file. */
export function readConfig(text: string): ReadConfig {
  const read = readDocument(text, configSchema);
  if (read.kind === 'mistakes') return read;
  const { rejected, metrics, lists, exports, fleet, notify, ...rest } = read.value;
  const beside = dirname(rest.state);
  const runtime = rest.runtime ?? (rest.state === CONFIG_KEYS.state.default ? '/run/banspool' : beside);
  return {
    kind: 'config',
    config: {
      ...rest,
      rejected: rejected ?? join(beside, 'rejected'),
      runtime,
      metrics: metrics ?? join(runtime, 'banspool.prom'),
      lists: lists ?? join(beside, 'lists'),
      exports: exports ?? join(beside, 'exports'),
      fleet: fleet && fleetOf(fleet, rest.state),
      notify: notify && notifyOf(notify, rest.state),
    },
  };
}

/** It stands in the command of a key and in sshd's configuration, where quoting, blanks and % mean something else. */
const spool = v.pipe(
  path,
  v.regex(
    /^[A-Za-z0-9/._@+-]+$/,
    expected('a path of only letters, digits and / . _ @ + -, as sshd requires'),
  ),
);

const MIN_INTERVAL_MS = 1_000;
const MAX_INTERVAL_MS = 24 * 3600 * 1000;

const interval = lengthWithin(MIN_INTERVAL_MS, MAX_INTERVAL_MS, 'a time from 1s to 24h');

const BUILT_IN_CHAINS = ['INPUT', 'FORWARD', 'OUTPUT', 'PREROUTING'];

/** Ours are all chains with the prefix, so a prefix that a built-in chain has would be the end of the firewall. */
const chainPrefix = v.pipe(
  v.string(expected('a prefix of chain names')),
  v.regex(
    /^[A-Za-z][A-Za-z0-9_.-]{2,15}$/,
    expected('3-16 characters of A-Z a-z 0-9 _ . -, beginning with a letter'),
  ),
  v.check(
    (prefix) => !BUILT_IN_CHAINS.some((chain) => chain.startsWith(prefix)),
    `must not be a prefix of ${BUILT_IN_CHAINS.join(', ')}`,
  ),
);

const hook = v.pipe(
  v.string(expected('the name of a chain')),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,27}$/, expected('the name of a chain in the filter table')),
);

function listOf<const T extends v.GenericSchema>(item: T, what: string) {
  return v.pipe(v.array(item, expected(what)), v.minLength(1, expected(what)));
}

const KEYS = Object.keys(CONFIG_KEYS).join(', ');

/** Of the whole file. */
export const configSchema = v.pipe(
  v.strictObject(
    {
      spool: v.optional(spool, CONFIG_KEYS.spool.default),
      state: v.optional(path, CONFIG_KEYS.state.default),
      rejected: v.optional(path),
      runtime: v.optional(path),
      metrics: v.optional(path),
      mode: v.optional(oneOf('enforce', 'observe'), CONFIG_KEYS.mode.default),
      lists: v.optional(path),
      exports: v.optional(path),
      interval: v.optional(interval, CONFIG_KEYS.interval.default),
      iptables: v.optional(oneOf('auto', 'nft', 'legacy'), CONFIG_KEYS.iptables.default),
      backend: v.optional(oneOf('auto', 'rules', 'ipset'), CONFIG_KEYS.backend.default),
      chainPrefix: v.optional(chainPrefix, CONFIG_KEYS.chainPrefix.default),
      hooks: v.optional(listOf(hook, 'a list of at least one chain'), [...CONFIG_KEYS.hooks.default]),
      early: v.optional(v.boolean(expected('true or false')), CONFIG_KEYS.early.default),
      families: v.optional(listOf(oneOf('ipv4', 'ipv6'), 'a list of ipv4, ipv6 or both'), [
        ...CONFIG_KEYS.families.default,
      ]),
      verdict: v.optional(oneOf('DROP', 'REJECT'), CONFIG_KEYS.verdict.default),
      fleet: v.optional(fleetSchema),
      notify: v.optional(notifySchema),
    } satisfies Record<keyof typeof CONFIG_KEYS, v.GenericSchema>,
    (issue) =>
      issue.expected === 'never' ? `unknown key; the keys are ${KEYS}` : `expected a mapping of ${KEYS}`,
  ),
  v.forward(
    v.check(
      ({ hooks, chainPrefix: prefix }) => !hooks.some((each) => each.startsWith(prefix)),
      'a hook must not begin with chainPrefix: it would be taken for a chain of banspool',
    ),
    ['hooks'],
  ),
  v.forward(
    v.check(
      ({ early, verdict }) => !early || verdict === 'DROP',
      'the table raw can only drop: set verdict: DROP, or early: false',
    ),
    ['early'],
  ),
  v.forward(
    v.check(
      ({ early, backend }) => !early || backend !== 'rules',
      'the table raw gets sets, and backend: rules makes none: set backend: auto, or early: false',
    ),
    ['early'],
  ),
  v.forward(
    v.check(
      ({ spool, state }) => !isWithin(state, spool) && !isWithin(spool, state),
      'must not be inside the spool, where servers can write, and must not contain it',
    ),
    ['state'],
  ),
  v.forward(
    v.check(
      ({ spool, rejected }) => rejected === undefined || !isWithin(rejected, spool),
      'must not be inside the spool, where servers can write',
    ),
    ['rejected'],
  ),
  v.forward(
    v.check(
      ({ spool, lists }) => lists === undefined || !isWithin(lists, spool),
      'must not be inside the spool, where servers can write',
    ),
    ['lists'],
  ),
  v.forward(
    v.check(
      ({ spool, exports }) => exports === undefined || !isWithin(exports, spool),
      'must not be inside the spool, where servers can write',
    ),
    ['exports'],
  ),
  v.forward(
    v.check(
      ({ spool, fleet }) => fleet?.folder === undefined || !isWithin(fleet.folder, spool),
      'the folder of the fleet must not be inside the spool, where servers can reach it',
    ),
    ['fleet'],
  ),
  v.forward(
    v.check(
      ({ spool, notify }) => notify?.folder === undefined || !isWithin(notify.folder, spool),
      'the folder of messages must not be inside the spool, where servers can reach it',
    ),
    ['notify'],
  ),
);

function isWithin(path: string, folder: string): boolean {
  return `${path}/`.startsWith(`${folder}/`);
}
