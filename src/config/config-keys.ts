/**
 * The keys of config.yaml with their defaults and what the manual says of them: one place for the schema, for the text
 * of a mistake and for docs/. A key without a `default` depends on others, and `otherwise` tells how.
 */
import type { KeyText } from '../domain/key-text.ts';

interface ConfigKey extends KeyText {
  readonly default?: string | boolean | readonly string[];
}

export const CONFIG_KEYS = {
  spool: {
    default: '/var/spool/banspool',
    meaning: 'where servers write files, one folder each; a path of letters, digits and `/ . _ @ + -`',
  },
  state: {
    default: '/var/lib/banspool/state',
    meaning: 'the git repository with claims and policy; outside the spool',
  },
  rejected: {
    otherwise: '`rejected` beside the state',
    meaning: 'refused files with their reasons, up to 1,000 files and 16 MiB per server; outside the spool',
  },
  runtime: {
    otherwise: '`/run/banspool`; beside the state if `state` is not at its default',
    meaning: 'the folder of `status.json` and of the report page',
  },
  metrics: {
    otherwise: '`banspool.prom` in `runtime`',
    meaning: 'the file for Prometheus',
  },
  mode: {
    default: 'enforce',
    meaning: '`observe`: banspool reads, judges, counts and tells everything, and enforces nothing',
  },
  lists: {
    otherwise: '`lists` beside the state',
    meaning: 'the folder with the files of `lists` in policy.yaml; outside of the spool',
  },
  exports: {
    otherwise: '`exports` beside the state',
    meaning: 'the folder that the files of `exports` in policy.yaml are written to; outside of the spool',
  },
  interval: {
    default: '60s',
    meaning: 'the time between full passes, 1s to 24h; drift stays undetected for at most this time',
  },
  iptables: {
    default: 'auto',
    meaning: '`nft` or `legacy`; `auto` uses the variant that `iptables --version` reports',
  },
  backend: {
    default: 'auto',
    meaning:
      '`rules`: one rule per ban. `ipset`: one ipset per chain. `auto`: rules up to 1,000 bans per chain, an ipset above',
  },
  chainPrefix: {
    default: 'fail2ban-',
    meaning:
      'the prefix of banspool’s chains; no other chain may have it; 3 to 16 characters of `A-Z a-z 0-9 _ . -`, beginning with a letter',
  },
  hooks: {
    default: ['INPUT', 'FORWARD'],
    meaning:
      'chains that jump to the bans; if one is missing, such as `DOCKER-USER`, its jump is added when it appears',
  },
  early: {
    default: false,
    meaning:
      '`true`: what is dropped on all ports is dropped in PREROUTING of the table `raw` too, before connection tracking, whatever `hooks` says; needs ipset and `verdict: DROP`',
  },
  families: {
    default: ['ipv4', 'ipv6'],
    meaning: 'the address families in which bans are enforced: one or both',
  },
  fleet: {
    otherwise: 'none: no bans are shared',
    meaning: 'how bans are shared with other firewalls: a mapping, with the keys below',
  },
  notify: {
    otherwise: 'none: nobody is told',
    meaning: 'who is told by mail or otherwise when something is wrong: a mapping, with the keys below',
  },
  verdict: {
    default: 'DROP',
    meaning: 'what happens to a packet from a banned address: `DROP` or `REJECT`',
  },
} as const satisfies Readonly<Record<string, ConfigKey>>;

/** Of fleet. */
export const FLEET_KEYS = {
  name: { meaning: 'the name of this firewall, as the others know it: 1 to 63 characters of `a-z 0-9 . -`' },
  engine: {
    default: 'folder',
    meaning:
      '`git`, `valkey`: `banspool fleet` moves publications over `remote`. `folder`: another program copies `out` of ' +
      'each firewall to `in/NAME` of the others',
  },
  folder: {
    otherwise: '`/var/lib/banspool-fleet`; `fleet` beside the state if `state` is not at its default',
    meaning: 'the folder with `out`, which banspool writes, and `in`, which it reads; outside of the spool',
  },
  key: {
    otherwise: '`fleet_key` beside the state',
    meaning: 'the private ssh key that banspool signs publications with',
  },
  remote: {
    otherwise: 'none; `git` and `valkey` need it',
    meaning:
      'the repository of the hub, such as `ssh://banspool-hub@hub/srv/fleet.git`; with `valkey` the server, such as ' +
      '`rediss://fw1@hub:6379` with TLS or `redis://fw1@hub` without',
  },
  every: {
    default: '5s',
    meaning: 'the time between fetches of the mover if the bell of the hub does not ring, 1s to 1h',
  },
  identity: {
    otherwise: '`mover/ssh_key` in `folder`',
    meaning:
      'the private ssh key that the mover logs in to the hub with, for `git`; not the key of the signatures',
  },
  password: {
    otherwise: '`mover/password` in `folder`',
    meaning: 'the file with the password of the user of `remote` with `valkey`; only the mover may read it',
  },
  ca: {
    otherwise: 'the certificates of the system',
    meaning:
      'the file with the certificate of the authority that signed the certificate of the `valkey` server',
  },
  certificate: {
    otherwise: 'none',
    meaning: 'the file with the certificate of the mover and its key, if the `valkey` server asks for one',
  },
} as const satisfies Readonly<Record<string, ConfigKey>>;

/** Of notify. */
export const NOTIFY_KEYS = {
  channels: { meaning: 'a mapping of names to channels, with the keys below; at least one' },
  name: { otherwise: 'the host name', meaning: 'what messages call this firewall' },
  digest: {
    default: '07:00',
    meaning: 'the local time of the day at which the digest is sent, in quotes',
  },
  after: {
    default: '2m',
    meaning: 'how long the firewall is not converged, or a condition is false, before it is told, 0s to 1d',
  },
  silent: {
    default: '1h',
    meaning:
      'a server from which banspool took in nothing for this time is silent, 1m to 1y; `never`: none is. ' +
      '`banspool-send` sends a snapshot of each jail every 5 minutes, with bans or without',
  },
  folder: {
    otherwise: '`/var/lib/banspool-notify`; `notify` beside the state if `state` is not at its default',
    meaning: 'the folder with what is not sent yet; outside of the spool',
  },
} as const satisfies Readonly<Record<string, ConfigKey>>;

/** Of each channel. */
export const CHANNEL_KEYS = {
  by: {
    meaning: '`smtp`, `sendmail`, `webhook`, `ntfy`, `slack`, `matrix` or `command`',
  },
  to: { meaning: 'for `smtp` and `sendmail`: a mail address, or a list of them' },
  from: { otherwise: '`banspool@` and the host name', meaning: 'for `smtp` and `sendmail`: the sender' },
  server: {
    default: 'smtp://localhost',
    meaning:
      'for `smtp`: `smtp://[USER@]HOST[:PORT]`, which uses STARTTLS where the server offers it, and has to with ' +
      '`password`; or `smtps://…` with TLS from the start',
  },
  password: { otherwise: 'none', meaning: 'for `smtp`: the file with the password of USER' },
  url: {
    meaning:
      'for `webhook`, `ntfy`, `slack` and `matrix`: the URL that messages are posted to, or the absolute path of a ' +
      'file with it; of `ntfy` with the topic, such as `https://ntfy.sh/TOPIC`',
  },
  token: { otherwise: 'none', meaning: 'for `webhook` and `ntfy`: the file with a bearer token' },
  ca: {
    otherwise: 'the certificates of the system',
    meaning: 'the file with the certificate of the authority that signed the certificate of the server',
  },
  command: {
    meaning:
      'for `command`: a list of the absolute path of a program and its arguments; the message is its input, as JSON',
  },
  events: {
    otherwise: 'all but `ban`',
    meaning:
      'a list of what is told: `converged`, `condition`, `silent`, `drift`, `refused`, `policy`, `ban`, `digest`',
  },
  group: { default: '1m', meaning: 'what happens within this time is one message, 0s to 1d' },
  limit: {
    default: '10',
    meaning: 'the most messages in an hour, 1 to 1000; what is beyond waits, in one message',
  },
} as const satisfies Readonly<Record<string, ConfigKey>>;
