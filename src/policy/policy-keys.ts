/**
 * The keys of policy.yaml, mapping by mapping, and what the manual says of them: one place for the schema, for the text
 * of a mistake and for docs/.
 */
import type { KeyText } from '../domain/key-text.ts';

/** Of the file. */
export const FILE_KEYS = {
  allow: {
    meaning: 'networks that banspool never drops, a list of `{ net, note, until }`; it overrides `deny`',
  },
  deny: { meaning: 'networks that banspool always drops, on all ports, a list of `{ net, note, until }`' },
  limits: { meaning: 'what a server may claim: a mapping of `default` and `servers`' },
  peers: {
    otherwise: 'none',
    meaning:
      'the firewalls whose bans count here: a mapping of their names to `key` and limits; `default` has ' +
      'limits for all of them',
  },
  publish: { otherwise: 'all', meaning: 'what this firewall publishes, if `fleet` is configured' },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of an entry of allow and deny. */
export const NET_KEYS = {
  net: { meaning: 'an IPv4 or IPv6 address or CIDR' },
  note: { otherwise: 'none', meaning: 'a comment' },
  until: {
    otherwise: 'no end',
    meaning:
      'when the entry expires: a date such as `2027-01-01`, which includes that day in UTC, or a time such as ' +
      '`2027-01-01T13:30:00Z`',
  },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of limits. */
export const LIMITS_KEYS = {
  default: { meaning: 'the limits of every server' },
  servers: { meaning: 'a mapping of server names to their limits, which override the default key by key' },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of the default limits, and of those of one server. */
export const LIMIT_KEYS = {
  claims: {
    otherwise: '20000',
    meaning: 'how many addresses and networks a server may claim at once: 0 to 1000000',
  },
  prefix4: {
    otherwise: '24',
    meaning: 'the widest IPv4 network that it may claim, as a prefix length: 1 to 32',
  },
  prefix6: {
    otherwise: '48',
    meaning: 'the widest IPv6 network that it may claim, as a prefix length: 1 to 128',
  },
  bantime: {
    otherwise: 'never',
    meaning:
      'the longest ban: seconds, or `90m`, `1d12h`, `30d`, `3mo`; a longer ban ends early. `never`: no limit',
  },
  jails: { otherwise: 'any', meaning: 'the jails that it may use, a list' },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of all peers. */
export const PEER_LIMIT_KEYS = {
  claims: {
    otherwise: '20000',
    meaning: 'how many addresses and networks the peer may claim at once: 0 to 1000000',
  },
  prefix4: LIMIT_KEYS.prefix4,
  prefix6: LIMIT_KEYS.prefix6,
  bantime: {
    otherwise: '7d',
    meaning:
      'the longest ban: seconds, or `90m`, `1d12h`, `30d`, `3mo`; a longer ban ends early. A ban until unbanned ends ' +
      'this long after the peer last published',
  },
  jails: LIMIT_KEYS.jails,
  lifts: {
    otherwise: '1000',
    meaning: "how many unbans of the peer's operator count at once: 0 to 100000",
  },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of one peer. */
export const PEER_KEYS = {
  key: { meaning: 'the public key that the peer signs with, as `banspool peers key` prints it there' },
  ...PEER_LIMIT_KEYS,
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of what is published. */
export const PUBLISH_KEYS = {
  jails: { otherwise: 'all', meaning: 'the jails whose bans are published, a list' },
  servers: { otherwise: 'all', meaning: 'the servers whose bans are published, a list' },
  lifts: { otherwise: 'true', meaning: "whether the operator's unbans are published" },
} as const satisfies Readonly<Record<string, KeyText>>;
