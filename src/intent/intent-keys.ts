/**
 * The keys of an intent's file and the eight intents, with what the manual says of them. What each key may hold stands
 * in fields.ts and operator-keys.ts.
 */
import type { KeyText } from '../domain/key-text.ts';
import type { Intent } from './intent.ts';

export const INTENTS = {
  ban: 'the server claims the address until `time` + `bantime`; of two bans, the later end applies',
  prolong: 'like `ban`, for an address that is already banned: its ban ends later',
  unban: 'ends the claim of this server on the address; claims of other servers stay',
  start: 'a jail starts: its `ports` and `protocol` apply from now on, also to existing claims',
  stop: 'a jail stops: its claims stay until they expire',
  flush: 'ends all claims of the jail on this server, unless a `stop` follows within 10 s',
  reload: 'like `start`, after fail2ban reloads the jail',
  snapshot:
    '`bans` lists all claims of the jail: a claim that it does not list ends, unless it is newer than the snapshot',
} as const satisfies Readonly<Record<Intent['intent'], string>>;

/** Of every server. */
export const INTENT_KEYS = {
  intent: { meaning: 'one of the eight intents below' },
  jail: {
    meaning:
      'the name of the jail: 1 to 64 characters of `A-Z a-z 0-9 _ . -`, beginning with a letter or digit',
  },
  ip: { meaning: 'for `ban`, `prolong` and `unban`: an IPv4 or IPv6 address or CIDR, never a host name' },
  ports: {
    otherwise: 'all',
    meaning:
      'like fail2ban’s `port`: numbers, service names, `a:b` or `a-b`, separated by commas or spaces. A word ' +
      'that is not a port means all ports, with a warning',
  },
  protocol: {
    otherwise: 'tcp',
    meaning:
      '`tcp`, `udp`, `sctp`, `dccp`, `icmp`, `all`, or their numbers; a list is separated as in `ports`',
  },
  time: { meaning: 'seconds since 1970 by the clock of the server, with or without a fraction' },
  bantime: {
    otherwise: '-1',
    meaning: 'for `ban` and `prolong`: seconds from `time` until the ban ends; `-1` means until unbanned',
  },
  failures: { meaning: 'the number of failures; informational' },
  reason: { meaning: 'a comment; banspool keeps the first 200 characters' },
  restored: { meaning: 'whether fail2ban restored the ban; banspool ignores it' },
  bans: { meaning: 'for `snapshot`: a list of `{ ip, time, bantime }`, one per line' },
} as const satisfies Readonly<Record<string, KeyText>>;

/** Of the operator alone, whose folder is `local`. */
export const OPERATOR_KEY_TEXTS = {
  of: { meaning: 'for `unban`: the server whose claims it ends', otherwise: 'all servers' },
  within: { meaning: 'for `unban`: `true` also ends all claims inside the network' },
  add: { meaning: 'for `snapshot`: `true` adds its bans and ends none, with its `reason`' },
  confirm: { meaning: 'for `ban`: seconds after which the ban is undone unless it is confirmed' },
} as const satisfies Readonly<Record<string, KeyText>>;
