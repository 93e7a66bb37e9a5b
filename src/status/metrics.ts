/**
 * How the controller is, in the text format of Prometheus, for the textfile collector of its node_exporter. Counters
 * begin with the controller; Prometheus knows how to take that.
 */
import type { Histogram } from './histogram.ts';
import { counter, gauge, histogram } from './prometheus.ts';
import type { StatusRecord } from './status-record.ts';

export interface Metrics {
  readonly record: StatusRecord;
  readonly waiting: readonly Waiting[];
  readonly peers: readonly PeerMetrics[];
  readonly counters: Counters;
  /** When git last got a commit, in milliseconds since 1970; undefined before the first. */
  readonly lastCommit: number | undefined;
}

/** What waits in one server's folder of the spool. */
export interface Waiting {
  readonly server: string;
  readonly files: number;
  /** How long the first of them has waited, in milliseconds; 0 when there is none. */
  readonly oldest: number;
}

/** What one peer is to this firewall. */
export interface PeerMetrics {
  readonly peer: string;
  /** When it last published what was taken in, in milliseconds since 1970; undefined: never. */
  readonly published: number | undefined;
  readonly claims: number;
  /** Lines beyond its limits. */
  readonly refused: number;
}

export interface Counters {
  readonly passes: Readonly<Record<'ok' | 'problem' | 'failed', number>>;
  readonly changes: number;
  readonly drift: number;
  readonly passDuration: Histogram;
  /** From the last byte of the file in the spool until the firewall drops. */
  readonly banLatency: Histogram;
}

/** Renders all metrics; what monitoring has to know of each stands in its help. */
export function metricsText({ record, waiting, peers, counters, lastCommit }: Metrics): string {
  return [
    ...firewallMetrics(record),
    ...serverMetrics(record),
    ...spoolMetrics(waiting),
    ...peerMetrics(peers),
    ...passMetrics(counters),
    ...timeMetrics(record, lastCommit),
  ].join('');
}

function firewallMetrics(record: StatusRecord): readonly string[] {
  const { conditions, sets } = record;
  return [
    gauge('converged', 'Whether the firewall matches the desired state.', [[Number(record.converged)]]),
    gauge(
      'condition',
      'Conditions of banspool status; 1 means true.',
      conditions.map(({ type, status }) => [Number(status === 'True'), { type }]),
    ),
    gauge('bans', 'Dropped addresses, counted once per jail, and denied networks.', [[record.bans]]),
    gauge('claims', 'Claims of servers, enforced or not.', [[record.claims]]),
    gauge(
      'set_members',
      'Addresses in each ipset.',
      sets.map(({ name, members }) => [members, { set: name }]),
    ),
    gauge(
      'set_capacity',
      'Addresses that each ipset can hold.',
      sets.map(({ name, capacity }) => [capacity, { set: name }]),
    ),
  ];
}

function serverMetrics({ servers }: StatusRecord): readonly string[] {
  return [
    gauge(
      'last_heard_timestamp_seconds',
      'Time when the last intent of a server was read.',
      servers.flatMap(({ name, lastHeard }) =>
        lastHeard === null ? [] : [[secondsOf(Date.parse(lastHeard)), { server: name }] as const],
      ),
    ),
    counter(
      'intents_total',
      'Intents read.',
      servers.map(({ name, intents }) => [intents, { server: name }]),
    ),
    counter(
      'refused_total',
      'Files refused.',
      servers.map(({ name, refused }) => [refused, { server: name }]),
    ),
  ];
}

function spoolMetrics(waiting: readonly Waiting[]): readonly string[] {
  return [
    gauge(
      'spool_files',
      'Files waiting in the spool.',
      waiting.map(({ server, files }) => [files, { server }]),
    ),
    gauge(
      'spool_oldest_age_seconds',
      'Age of the oldest file waiting in the spool.',
      waiting.map(({ server, oldest }) => [secondsOf(oldest), { server }]),
    ),
  ];
}

function peerMetrics(peers: readonly PeerMetrics[]): readonly string[] {
  // Most firewalls have none.
  if (peers.length === 0) return [];
  return [
    gauge(
      'peer_heard_timestamp_seconds',
      'Time when a peer published what was last taken in.',
      peers.flatMap(({ peer, published }) =>
        published === undefined ? [] : [[secondsOf(published), { peer }] as const],
      ),
    ),
    gauge(
      'peer_claims',
      'Claims that are held of a peer, enforced or not.',
      peers.map(({ peer, claims }) => [claims, { peer }]),
    ),
    gauge(
      'peer_refused',
      'Lines of a peer that are beyond its limits.',
      peers.map(({ peer, refused }) => [refused, { peer }]),
    ),
  ];
}

function passMetrics(counters: Counters): readonly string[] {
  return [
    counter(
      'passes_total',
      'Passes: ok, with a problem, or failed before they reached the firewall.',
      Object.entries(counters.passes).map(([result, count]) => [count, { result }]),
    ),
    counter('changes_total', 'Changes made to the firewall.', [[counters.changes]]),
    counter('drift_repaired_total', 'Changes by other programs that were reverted.', [[counters.drift]]),
    histogram('pass_duration_seconds', 'Duration of a pass.', counters.passDuration),
    histogram(
      'ban_latency_seconds',
      'Time from the arrival of a ban in the spool to its enforcement.',
      counters.banLatency,
    ),
  ];
}

function timeMetrics(record: StatusRecord, lastCommit: number | undefined): readonly string[] {
  const { lastPass } = record;
  return [
    gauge('last_pass_timestamp_seconds', 'Time when the last pass began.', [
      ...(lastPass === null ? [] : [[secondsOf(Date.parse(lastPass.startedAt))] as const]),
    ]),
    gauge('last_commit_timestamp_seconds', 'Time when the state was last committed.', [
      ...(lastCommit === undefined ? [] : [[secondsOf(lastCommit)] as const]),
    ]),
    gauge(
      'updated_timestamp_seconds',
      'Time when the controller last wrote this file; it writes every few seconds.',
      [[secondsOf(Date.parse(record.updatedAt))]],
    ),
  ];
}

function secondsOf(milliseconds: number): number {
  return milliseconds / 1000;
}
