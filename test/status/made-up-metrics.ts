/** Metrics of a firewall that is made up. */
import { EMPTY_HISTOGRAM, observe } from '../../src/status/histogram.ts';
import { metricsText, type Metrics } from '../../src/status/metrics.ts';

export const METRICS: Metrics = {
  record: {
    version: 1,
    state: '/var/lib/banspool/state',
    mode: 'enforce',
    controller: null,
    stoppedAt: null,
    ignored: 0,
    pid: 1,
    startedAt: '2026-11-25T10:00:00.000Z',
    updatedAt: '2026-11-25T10:00:05.500Z',
    interval: 60_000,
    converged: false,
    conditions: [
      { type: 'Converged', status: 'False', reason: 'ApplyFailed', message: 'ipv4: "quoted"\n' },
      { type: 'StateSaved', status: 'True', reason: 'AsExpected', message: '' },
    ],
    sets: [{ name: 'fail2ban-sshd', members: 2_000, capacity: 65_536 }],
    bans: 2,
    claims: 3,
    refused: 5,
    servers: [
      { name: 'local', lastHeard: null, intents: 0, refused: 0, discarded: 0, kept: 0, lastRefused: null },
      {
        name: 'web1',
        lastHeard: '2026-11-25T10:00:01.250Z',
        intents: 7,
        refused: 4,
        discarded: 1,
        kept: 3,
        lastRefused: null,
      },
    ],
    lastPass: null,
    passes: [],
    failuresInARow: 0,
    unconfirmed: [],
    exports: [],
    lists: [
      {
        ...{ name: 'drop', note: null, from: 'drop.txt', entries: 1310, nets: 1204, unread: 0, sha256: null },
        notEnforced: { allowed: 0, own: 0, private: 2, tooWide: 0 },
        ...{ takenAt: null, confirmedAt: '2026-11-22T12:00:00.000Z', reason: null },
      },
    ],
  },
  build: { version: '1.2.3', node: '20.19.2' },
  jails: [
    { jail: 'sshd', family: 'ipv4', bans: 2 },
    { jail: 'policy', family: 'ipv6', bans: 1 },
  ],
  claims: new Map([
    ['web1', 3],
    ['fw2/web9', 7],
  ]),
  peers: [
    { peer: 'fw2', published: 1_795_600_000_500, claims: 7, refused: 2 },
    { peer: 'fw3', published: undefined, claims: 0, refused: 0 },
  ],
  waiting: [
    { server: 'local', files: 0, oldest: 0 },
    { server: 'web1', files: 12, oldest: 61_500 },
  ],
  counters: {
    banned: new Map([['web1', 5]]),
    refusedBy: new Map([['too-wide', 4]]),
    driftBy: new Map([['iptables', 2]]),
    passes: { ok: 10, problem: 1, failed: 0 },
    changes: 8,
    drift: 2,
    passDuration: observe(EMPTY_HISTOGRAM, [0.2]),
    banLatency: observe(EMPTY_HISTOGRAM, [0.012, 0.04, 45]),
  },
  drops: [
    { jail: 'sshd', family: 'ipv4', packets: 12, bytes: 720 },
    { jail: 'sshd', family: 'ipv6', packets: 0, bytes: 0 },
  ],
  lastCommit: 1_795_600_000_500,
};

export const TEXT = metricsText(METRICS);

/** The lines of one metric. */
export function samples(name: string): readonly string[] {
  return TEXT.split('\n').filter(
    (line) => line.startsWith(`banspool_${name}`) && /[ {]/.test(line.charAt(9 + name.length)),
  );
}
