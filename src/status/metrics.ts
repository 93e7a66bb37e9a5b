/**
 * How the controller is, in the text format of Prometheus, for the textfile collector of its node_exporter. Counters
 * begin with the controller; Prometheus knows how to take that.
 */
import type { JailCount } from '../desired/count-by-jail.ts';
import { isHarmless } from '../domain/conditions.ts';
import type { JailDrops } from '../firewall/drops.ts';
import type { Histogram } from './histogram.ts';
import { counter, gauge, histogram, secondsOf } from './prometheus.ts';
import { peerMetrics, serverMetrics, spoolMetrics } from './sender-metrics.ts';
import type { StatusRecord } from './status-record.ts';

export interface Metrics {
  readonly record: StatusRecord;
  readonly build: { readonly version: string; readonly node: string };
  readonly jails: readonly JailCount[];
  /** By claimant: how many claims are held. */
  readonly claims: ReadonlyMap<string, number>;
  readonly waiting: readonly Waiting[];
  readonly peers: readonly PeerMetrics[];
  readonly counters: Counters;
  readonly drops: readonly JailDrops[];
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
  /** By claimant: bans that began. */
  readonly banned: ReadonlyMap<string, number>;
  /** By the code of the refusal. */
  readonly refusedBy: ReadonlyMap<string, number>;
  /** By the program that had changed something. */
  readonly driftBy: ReadonlyMap<string, number>;
  readonly passes: Readonly<Record<'ok' | 'problem' | 'failed', number>>;
  readonly changes: number;
  readonly drift: number;
  readonly passDuration: Histogram;
  /** From the last byte of the file in the spool until the firewall drops. */
  readonly banLatency: Histogram;
}

/** Renders all metrics; what monitoring has to know of each stands in its help. */
export function metricsText(metrics: Metrics): string {
  const { record, waiting, peers, counters, lastCommit } = metrics;
  return [
    gauge('build_info', 'Version of the program, and of the Node that runs it; always 1.', [
      [1, { ...metrics.build }],
    ]),
    ...firewallMetrics(metrics),
    ...dropMetrics(metrics.drops),
    ...serverMetrics(metrics),
    ...spoolMetrics(waiting),
    ...peerMetrics(peers),
    ...passMetrics(counters),
    ...timeMetrics(record, lastCommit),
  ].join('');
}

function firewallMetrics({ record, jails }: Metrics): readonly string[] {
  const { conditions, sets, lists } = record;
  const alarms = conditions.filter(
    ({ type, status, reason }) => status === 'False' && !isHarmless(type, reason),
  );
  return [
    gauge('converged', 'Whether the firewall matches the desired state.', [[Number(record.converged)]]),
    gauge('observe', 'Whether the mode is observe: nothing is enforced, and bans are those that would be.', [
      [Number(record.mode === 'observe')],
    ]),
    gauge(
      'healthy',
      'Whether it does, and no other condition needs attention: exit code 0 of banspool status.',
      [[Number(record.converged && alarms.length === 0)]],
    ),
    gauge(
      'condition',
      'Conditions of banspool status; 1 means true.',
      conditions.map(({ type, status }) => [Number(status === 'True'), { type }]),
    ),
    gauge('bans', 'Dropped addresses, counted once per jail, and denied networks.', [[record.bans]]),
    gauge(
      'jail_bans',
      'Dropped addresses of each jail and family; what policy.yaml denies is of jail policy.',
      jails.map(({ jail, family, bans }) => [bans, { jail, family }]),
    ),
    gauge(
      'list_nets',
      'Networks that each list of policy.yaml drops; they count in no other number of bans.',
      lists.map(({ name, nets }) => [nets, { list: name }]),
    ),
    gauge(
      'list_confirmed_timestamp_seconds',
      'Time when the file of a list was written, or when its server confirmed it last.',
      lists.flatMap(({ name, confirmedAt }) =>
        confirmedAt === null ? [] : [[secondsOf(Date.parse(confirmedAt)), { list: name }] as const],
      ),
    ),
    gauge('claims', 'Claims of servers, enforced or not.', [[record.claims]]),
    gauge('ignored_claims', 'Claims that policy.yaml does not let be enforced.', [[record.ignored]]),
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

function dropMetrics(drops: readonly JailDrops[]): readonly string[] {
  return [
    counter(
      'dropped_packets_total',
      'Packets dropped by the rules and ipsets of each jail and family, as of the last full pass.',
      drops.map(({ packets, jail, family }) => [packets, { jail, family }]),
    ),
    counter(
      'dropped_bytes_total',
      'Bytes of these packets.',
      drops.map(({ bytes, jail, family }) => [bytes, { jail, family }]),
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
    counter(
      'drift_by_program_total',
      'Passes that reverted what a program had changed, where the kernel tells which.',
      Array.from(counters.driftBy, ([program, count]) => [count, { program }]),
    ),
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
    gauge('started_timestamp_seconds', 'Time when the controller started.', [
      [secondsOf(Date.parse(record.startedAt))],
    ]),
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
