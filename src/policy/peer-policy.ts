/** What policy.yaml says of peers: which firewalls are believed and how far, and what is published to them. */
import * as v from 'valibot';
import { SERVER_NAME } from '../domain/names.ts';
import { parsePublicKey, type PublicKey } from '../domain/public-key.ts';
import { expected, quote } from '../yaml/expected.ts';
import {
  jailsSchema,
  LIMIT_ENTRIES,
  noServer,
  unknownKey,
  whole,
  withLimits,
  type Limits,
} from './limit-schemas.ts';
import { PEER_KEYS, PEER_LIMIT_KEYS, PUBLISH_KEYS } from './policy-keys.ts';

export interface PeerPolicy extends Limits {
  /** What its publications are signed with. */
  readonly key: PublicKey;
  /** Remembered unbans of its operator at once. */
  readonly lifts: number;
}

export interface PublishPolicy {
  /** Undefined: all. */
  readonly jails: readonly string[] | undefined;
  /** Undefined: all. */
  readonly servers: readonly string[] | undefined;
  /** Whether unbans of the operator are published. */
  readonly lifts: boolean;
}

export const PUBLISH_ALL: PublishPolicy = { jails: undefined, servers: undefined, lifts: true };

type PeerLimits = Omit<PeerPolicy, 'key'>;

/** SPEC.md, section 5. */
export const DEFAULT_PEER_LIMITS: PeerLimits = {
  claims: 20_000,
  prefix4: 24,
  prefix6: 48,
  bantime: 7 * 24 * 3600 * 1000,
  jails: undefined,
  lifts: 1_000,
};

/** The name that holds the limits of all peers. */
const EVERY_PEER = 'default';

const entries = { ...LIMIT_ENTRIES, lifts: v.optional(whole(0, 100_000)) };

const KEY = 'a public key such as "ssh-ed25519 AAAA…", in quotes';

const keySchema = v.pipe(
  v.string(expected(KEY)),
  v.rawTransform(({ dataset, addIssue, NEVER }): PublicKey => {
    const parsed = parsePublicKey(dataset.value);
    if (parsed.kind === 'key' && parsed.key.type === 'ssh-ed25519') return parsed.key;
    const reason = parsed.kind === 'key' ? `it is of type ${parsed.key.type}` : parsed.reason;
    addIssue({ message: `${quote(dataset.value)} is not an ssh-ed25519 public key: ${reason}` });
    return NEVER;
  }),
);

const peerSchema = v.strictObject({ ...entries, key: keySchema }, unknownKey(PEER_KEYS));

const PEERS = 'a mapping of peers to their keys and limits';

/** A mapping of names to peers; `default` has the limits of all. */
export const peersSchema = v.optional(
  v.nullable(
    v.pipe(
      v.unknown(),
      // A list is an object to valibot, and its first item would be the peer 0.
      v.check((peers) => !Array.isArray(peers), expected(PEERS)),
      v.objectWithRest(
        { [EVERY_PEER]: v.optional(v.strictObject(entries, unknownKey(PEER_LIMIT_KEYS)), {}) },
        peerSchema,
        expected(PEERS),
      ),
      v.check(
        (peers) => Object.keys(peers).every((name) => SERVER_NAME.test(name)),
        (issue) => noServer({ input: Object.keys(issue.input).find((name) => !SERVER_NAME.test(name)) }),
      ),
      v.transform(({ [EVERY_PEER]: all, ...peers }): ReadonlyMap<string, PeerPolicy> => {
        const base = withPeerLimits(DEFAULT_PEER_LIMITS, all);
        return new Map(
          Object.entries(peers).map(([name, own]) => [name, { ...withPeerLimits(base, own), key: own.key }]),
        );
      }),
    ),
    {},
  ),
  {},
);

export const publishSchema = v.optional(
  v.pipe(
    v.strictObject(
      {
        jails: v.optional(jailsSchema),
        servers: v.optional(
          v.array(v.pipe(v.string(noServer), v.regex(SERVER_NAME, noServer)), expected('a list of servers')),
        ),
        lifts: v.optional(v.boolean(expected('true or false')), true),
      },
      unknownKey(PUBLISH_KEYS),
    ),
    v.transform(({ jails, servers, lifts }): PublishPolicy => ({ jails, servers, lifts })),
  ),
  {},
);

type ReadPeer = Parameters<typeof withLimits>[1] & { readonly lifts?: number | undefined };

function withPeerLimits(base: PeerLimits, own: ReadPeer): PeerLimits {
  return { ...withLimits(base, own), lifts: own.lifts ?? base.lifts };
}
