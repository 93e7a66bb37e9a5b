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
  escalate: {
    otherwise: 'none',
    meaning:
      'rules by which banspool itself bans: what several servers ban, or one bans again and again; a list',
  },
  aggregate6: {
    otherwise: 'none: the address alone',
    meaning:
      'the prefix length of the network that is dropped for a banned IPv6 address: 48 to 127, such as `64`',
  },
  lists: {
    otherwise: 'none',
    meaning: 'lists of addresses from files or from the network that are dropped on all ports; a list',
  },
  exports: {
    otherwise: 'none',
    meaning: 'files for other programs with the banned addresses; a list of `{ file, format }`',
  },
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

/** Of a rule of escalate. */
export const ESCALATE_KEYS = {
  name: { meaning: 'the name of the rule, which is also the jail of its bans' },
  servers: { meaning: 'this many servers banned the address, 2 to 1000' },
  bans: { meaning: 'the address was banned this many times, 2 to 50' },
  addresses: { meaning: 'this many addresses of one network were banned, 2 to 1000; the network is banned' },
  net4: { otherwise: '`24`', meaning: 'with `addresses`: the prefix length of an IPv4 network, 20 to 31' },
  net6: { otherwise: '`64`', meaning: 'with `addresses`: the prefix length of an IPv6 network, 48 to 127' },
  within: { meaning: 'the time in which this happened, `1m` to `1y`, such as `1h` or `7d`' },
  ban: {
    meaning: 'how long the ban lasts: seconds, or `90m`, `1d12h`, `30d`, `3mo`. `never`: until unbanned',
  },
  ports: {
    otherwise: '`all`',
    meaning: 'the ports that the ban is about: numbers and ranges such as `22,8000:8010`',
  },
  protocol: { otherwise: '`all`', meaning: 'its protocols, such as `tcp,udp`' },
  jails: { otherwise: 'all', meaning: 'the jails whose bans count, a list' },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of one of lists. */
export const LIST_KEYS = {
  name: { meaning: 'the name of the list: 1 to 32 characters of `a-z 0-9 . _ -`' },
  file: { meaning: 'the name of its file in the folder `lists` of the config; either `file` or `url`' },
  url: { meaning: 'where `banspool fetch` gets it, by https' },
  every: { otherwise: '`12h`', meaning: 'with `url`: the time between two requests, `5m` to `30d`' },
  format: {
    otherwise: 'recognised',
    meaning: '`plain`, `jsonl`, `dshield`, `csf`, `crowdsec`, `ipset` or `fail2ban`',
  },
  stale: {
    otherwise: '`7d`',
    meaning:
      'after this time without a newer one the list is a condition, `1h` to `1y`, or `never`; it stays in force',
  },
  max: { otherwise: '`200000`', meaning: 'the most entries, 1 to 2000000; a longer list is not taken' },
  note: { otherwise: 'none', meaning: 'a comment, which `banspool why` shows' },
  ca: {
    otherwise: 'the certificates of the system',
    meaning:
      'with `url`: the file with the certificate of the authority that signed the certificate of the server',
  },
  insecure: {
    otherwise: '`false`',
    meaning: 'with `url`: `true` allows http, where others can change the list',
  },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of one of exports. */
export const EXPORT_KEYS = {
  file: { meaning: 'the name of the file in the folder `exports` of the config' },
  format: {
    meaning:
      '`plain`, `csv`, `json`, `nft`, `ipset`, `mikrotik`, `haproxy`, `nginx`, `postfix` or `rspamd`: who reads it',
  },
  jails: { otherwise: 'all', meaning: 'the jails whose bans it has, a list' },
  aggregate: { otherwise: '`false`', meaning: 'whether networks that touch are made one' },
  families: { otherwise: '`[ipv4, ipv6]`', meaning: 'the address families that it has' },
} as const satisfies Readonly<Record<string, KeyText>>;
