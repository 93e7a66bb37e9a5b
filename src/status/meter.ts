/** Counts what passes did, and writes it down for Prometheus, with what waits in the spool and what peers are. */
import { join } from 'node:path';
import { EMPTY_HISTOGRAM, observe } from './histogram.ts';
import type { Memory } from '../pass/memory.ts';
import { Census } from '../policy/census.ts';
import { metricsText, type Counters, type PeerMetrics, type Waiting } from './metrics.ts';
import { messageOf } from '../system/error.ts';
import type { Chronicle } from './chronicle.ts';
import type { Pass } from '../pass/pass.ts';
import type { PassObserver } from './observer.ts';
import type { World } from '../world/world.ts';
import { countRefused } from '../fleet/refused.ts';

/** Prometheus looks every 15 s at the most often that is usual; in a burst there are many passes a second. */
const EVERY_MS = 5_000;

type Needs = Pick<Memory, 'spool' | 'fleet' | 'ledger'>;

export class Meter implements PassObserver {
  readonly #world: World;
  readonly #memory: Needs;
  readonly #census = new Census();
  readonly #chronicle: Chronicle;
  #counters: Counters = {
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
    return metricsText({
      record: this.#chronicle.record(),
      waiting: this.#waiting(),
      peers: this.#peers(),
      counters: this.#counters,
      // git appends to it with every commit.
      lastCommit: files.modified(join(config.state, '.git/logs/HEAD')),
    });
  }

  #peers(): readonly PeerMetrics[] {
    const { fleet, ledger } = this.#memory;
    const claims = this.#census.claimsOfPeers(ledger.state);
    return fleet.listener.reports().map(({ peer, published, refused }) => ({
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
