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
