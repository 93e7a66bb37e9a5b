/** What rings for a pass: folders of the spool and of the state. Every event only says "look", and may be missed. */
import { join } from 'node:path';
import { openFolderWatches, type FolderWatches } from '../system/folder-watches.ts';
import { openDoorbell, type Doorbell } from '../system/watch.ts';
import type { World } from '../world/world.ts';

export class Watches {
  readonly #config: World['config'];
  readonly #ring: () => void;
  readonly #spool: Doorbell;
  readonly #state: Doorbell;
  readonly #servers: FolderWatches;
  /** Of what peers published; undefined without a fleet. */
  readonly #fleet: Doorbell | undefined;

  constructor({ config, log }: Pick<World, 'config' | 'log'>, ring: () => void) {
    this.#config = config;
    this.#ring = ring;
    this.#spool = openDoorbell({ folders: [config.spool], depth: 0, ring, warn: log.warn });
    this.#state = openDoorbell({ folders: [config.state], depth: 2, ring, warn: log.warn });
    const { fleet } = config;
    this.#fleet =
      fleet && openDoorbell({ folders: [join(fleet.folder, 'in')], depth: 1, ring, warn: log.warn });
    this.#servers = openFolderWatches(ring, log.warn);
  }

  /** Watches the folders as they are now, with those of these servers. */
  attend(servers: readonly string[]): void {
    const { spool, state, fleet } = this.#config;
    this.#spool.rearm([spool]);
    // What came before it is watched rang nothing.
    if (this.#servers.set(servers.map((server) => join(spool, server)))) this.#ring();
    this.#state.rearm([state]);
    if (fleet !== undefined) this.#fleet?.rearm([join(fleet.folder, 'in')]);
  }

  async close(): Promise<void> {
    this.#servers.close();
    await Promise.all([this.#spool.close(), this.#state.close(), this.#fleet?.close()]);
  }
}
