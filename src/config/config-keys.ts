/**
 * The keys of config.yaml with their defaults and what the manual says of them: one place for the schema, for the text
 * of a mistake and for docs/. A key without a `default` depends on others, and `otherwise` tells how.
 */
import type { KeyText } from '../domain/key-text.ts';

interface ConfigKey extends KeyText {
  readonly default?: string | readonly string[];
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
    meaning: 'the folder of `status.json`',
  },
  metrics: {
    otherwise: '`banspool.prom` in `runtime`',
    meaning: 'the file for Prometheus',
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
  families: {
    default: ['ipv4', 'ipv6'],
    meaning: 'the address families in which bans are enforced: one or both',
  },
  verdict: {
    default: 'DROP',
    meaning: 'what happens to a packet from a banned address: `DROP` or `REJECT`',
  },
} as const satisfies Readonly<Record<string, ConfigKey>>;
