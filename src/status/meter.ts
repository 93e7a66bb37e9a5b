/** Counts what passes did, and writes it down for Prometheus, with what waits in the spool and what peers are. */
import { join } from 'node:path';
import { countByJail, type JailCount } from '../desired/count-by-jail.ts';
import { peerOf } from '../domain/names.ts';
import { EMPTY_HISTOGRAM, observe } from './histogram.ts';
import type { Memory } from '../pass/memory.ts';
import { Census } from '../policy/census.ts';
import { joinSeries } from './join-series.ts';
import { metricsText, type Counters, type PeerMetrics, type Waiting } from './metrics.ts';
import { messageOf } from '../system/error.ts';
import type { Chronicle } from './chronicle.ts';
import type { Pass } from '../pass/pass.ts';
import type { PassObserver } from '../pass/observer.ts';
import type { World } from '../world/world.ts';
import { countRefused } from '../fleet/refused.ts';
import { SeriesNames } from './series-names.ts';
import { packageVersion } from '../system/package-version.ts';

/** Prometheus looks every 15 s at the most often that is usual; in a burst there are many passes a second. */
const EVERY_MS = 5_000;

/** Series that servers can make with jails, peers with the names of servers behind them, and programs. */
const MAX_JAILS = 200;
const MAX_BEHIND_PEERS = 500;
const MAX_PROGRAMS = 20;

type Needs = Pick<Memory, 'spool' | 'fleet' | 'ledger' | 'concluder' | 'firewall'>;

export class Meter implements PassObserver {
  readonly #world: World;
  readonly #memory: Needs;
  readonly #census = new Census();
  readonly #chronicle: Chronicle;
  readonly #build = { version: packageVersion(), node: process.versions.node };
  readonly #jails = new SeriesNames(MAX_JAILS);
  readonly #sets = new SeriesNames(MAX_JAILS);
  readonly #behindPeers = new SeriesNames(MAX_BEHIND_PEERS);
  readonly #programs = new SeriesNames(MAX_PROGRAMS);
  readonly #banned = new Map<string, number>();
  readonly #refusedBy = new Map<string, number>();
  readonly #driftBy = new Map<string, number>();
  #counters: Omit<Counters, 'banned' | 'refusedBy' | 'driftBy'> = {
    passes: { ok: 0, problem: 0, failed: 0 },
    changes: 0,
    drift: 0,
    passDuration: EMPTY_HISTOGRAM,
    banLatency: EMPTY_HISTOGRAM,
  };
  /** By the clock that nobody sets. */
  #writtenAt = -Infinity;
  #isWritable = true;

  constructor(world: World, chronicle: Chronicle, memory: Needs) {
    this.#world = world;
    this.#memory = memory;
    this.#chronicle = chronicle;
  }

  passed(pass: Pass): void {
    const { passes, changes, drift, passDuration, banLatency } = this.#counters;
    const seconds = pass.banArrivals.map((arrived) => Math.max(0, pass.enforcedAt - arrived) / 1000);
    const result = pass.problems.length === 0 ? 'ok' : 'problem';
    this.#counters = {
      passes: { ...passes, [result]: passes[result] + 1 },
      changes: changes + countChanges(pass.changes),
      drift: drift + countChanges(pass.drift),
      passDuration: observe(passDuration, [(pass.finishedAt - pass.startedAt) / 1000]),
      banLatency: observe(banLatency, seconds),
    };
    for (const { kind, server } of pass.claimChanges)
      if (kind === 'banned') increase(this.#banned, this.#claimant(server));
    for (const { refusal } of pass.refused) increase(this.#refusedBy, refusal.code);
    if (countChanges(pass.drift) === 0) return;
    for (const program of this.#memory.firewall.drift.programs)
      increase(this.#driftBy, this.#programs.of(program));
  }

  /** Servers are made by the operator of this firewall, and those behind a peer by somebody else. */
  #claimant(server: string): string {
    return peerOf(server) === undefined ? server : this.#behindPeers.of(server);
  }

  failed(): void {
    const { passes } = this.#counters;
    this.#counters = { ...this.#counters, passes: { ...passes, failed: passes.failed + 1 } };
  }

  /** Writes the file, unless it is a few seconds old; a failure is logged once. */
  async write(): Promise<void> {
    const { config, files, log } = this.#world;
    if (performance.now() - this.#writtenAt < EVERY_MS) return;
    this.#writtenAt = performance.now();
    try {
      await files.write(config.metrics, this.#text());
      this.#isWritable = true;
    } catch (error) {
      if (this.#isWritable) log.error(`cannot write ${config.metrics}: ${messageOf(error)}`);
      this.#isWritable = false;
    }
  }

  #text(): string {
    const { config, files } = this.#world;
    const claims = this.#census.claimsByClaimant(this.#memory.ledger.state);
    const record = this.#chronicle.record();
    return metricsText({
      record: { ...record, sets: record.sets.filter(({ name }) => this.#sets.of(name) === name) },
      build: this.#build,
      jails: this.#bansByJail(),
      claims: sums(claims, (server) => this.#claimant(server)),
      waiting: this.#waiting(),
      peers: this.#peers(sums(claims, peerOf)),
      counters: {
        ...this.#counters,
        banned: this.#banned,
        refusedBy: this.#refusedBy,
        driftBy: this.#driftBy,
      },
      drops: joinSeries(this.#memory.firewall.jailDrops(), this.#jails, (a, b) => ({
        ...a,
        packets: a.packets + b.packets,
        bytes: a.bytes + b.bytes,
      })),
      // git appends to it with every commit.
      lastCommit: files.modified(join(config.state, '.git/logs/HEAD')),
    });
  }

  #bansByJail(): readonly JailCount[] {
    const { last } = this.#memory.concluder;
    return joinSeries(last === undefined ? [] : countByJail(last), this.#jails, (a, b) => ({
      ...a,
      bans: a.bans + b.bans,
    }));
  }

  #peers(claims: ReadonlyMap<string | undefined, number>): readonly PeerMetrics[] {
    return this.#memory.fleet.listener.reports().map(({ peer, published, refused }) => ({
      ...{ peer, published, refused: countRefused(refused), claims: claims.get(peer) ?? 0 },
    }));
  }

  #waiting(): readonly Waiting[] {
    const { config, spoolFiles, now } = this.#world;
    const { servers, waiting } = this.#memory.spool.inbox.sweep();
    return servers.map((server) => {
      const entries = waiting.get(server) ?? [];
      const [first] = entries;
      const since =
        first === undefined ? undefined : spoolFiles.measure(join(config.spool, server), first)?.changedAt;
      return { server, files: entries.length, oldest: since === undefined ? 0 : Math.max(0, now() - since) };
    });
  }
}

function countChanges(families: Pass['changes']): number {
  return families.reduce((sum, { changes }) => sum + changes.length, 0);
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** The counts of all that are called the same by `nameOf`, together. */
function sums<N>(counts: ReadonlyMap<string, number>, nameOf: (name: string) => N): ReadonlyMap<N, number> {
  const found = new Map<N, number>();
  for (const [name, count] of counts) found.set(nameOf(name), (found.get(nameOf(name)) ?? 0) + count);
  return found;
}
