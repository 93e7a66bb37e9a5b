/** Metrics of those who send: servers, and peers with the servers behind them. */
import { REFUSAL_CODES } from '../domain/refusals.ts';
import type { Metrics, PeerMetrics, Waiting } from './metrics.ts';
import { counter, gauge, secondsOf, type Sample } from './prometheus.ts';

/** What each server said, what was refused of it, and what is held of it. */
export function serverMetrics({ record: { servers }, claims, counters }: Metrics): readonly string[] {
  // Of a server that is silent so far it is 0: Prometheus sees no increase of what was not there.
  const named = new Map(servers.map(({ name }) => [name, 0]));
  return [
    gauge(
      'server_claims',
      'Claims that are held of each server, enforced or not.',
      byServer([...named, ...claims]),
    ),
    counter(
      'banned_total',
      'Bans that began, one for each server and jail that bans an address.',
      byServer([...named, ...counters.banned]),
    ),
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
    counter(
      'refused_by_code_total',
      'Files refused by this controller, by the kind of fault.',
      REFUSAL_CODES.map((code) => [counters.refusedBy.get(code) ?? 0, { code }]),
    ),
    gauge(
      'rejected_files',
      'Refused files that are kept to be read.',
      servers.flatMap(({ name, kept }) => (kept === null ? [] : [[kept, { server: name }] as const])),
    ),
  ];
}

function byServer(counts: Iterable<readonly [string, number]>): readonly Sample[] {
  return Array.from(new Map(counts), ([server, count]) => [count, { server }]);
}

/** What waits. */
export function spoolMetrics(waiting: readonly Waiting[]): readonly string[] {
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

/** What each peer is to this firewall. */
export function peerMetrics(peers: readonly PeerMetrics[]): readonly string[] {
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
