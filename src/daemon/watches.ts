/** What rings for a pass: folders of the spool and of the state. Every event only says "look", and may be missed. */
import { join } from 'node:path';
import { FOLDERS } from '../ledger/store/store.ts';
import { identityOf } from '../system/files/identity.ts';
import { openFolderWatches, type FolderWatches } from '../system/folder-watches.ts';
import { openDoorbell, type Doorbell } from '../system/watch.ts';
import type { World } from '../world/world.ts';

/** Something happened to a name in a server's folder. */
type Heard = (server: string, name: Buffer) => void;

export class Watches {
  readonly #config: World['config'];
  readonly #ring: () => void;
  readonly #heard: Heard;
  readonly #spool: Doorbell;
  readonly #state: Doorbell;
  readonly #folders: FolderWatches;
  /** Servers by their folders. */
  #servers: ReadonlyMap<string, string> = new Map();

  constructor({ config, log }: Pick<World, 'config' | 'log'>, ring: () => void, heard: Heard) {
    this.#config = config;
    this.#ring = ring;
    this.#heard = heard;
    this.#spool = openDoorbell({ folders: [config.spool], depth: 0, ring, warn: log.warn });
    this.#state = openDoorbell({ folders: [config.state], depth: 0, ring, warn: log.warn });
    this.#folders = openFolderWatches(this.#ringFor, log.warn);
  }

  readonly #ringFor = (folder: string, name: Buffer | undefined): void => {
    const server = this.#servers.get(folder);
    if (name !== undefined && server !== undefined) this.#heard(server, name);
    else this.#ring();
  };

  /** Watches the folders as they are now, with those of these servers and peers. */
  attend(servers: readonly string[], peers: readonly string[]): void {
    const { spool, state } = this.#config;
    this.#spool.rearm([spool]);
    this.#servers = new Map(servers.map((server) => [join(spool, server), server]));
    const ofState = FOLDERS.map((folder) => join(state, folder));
    const others = [...ofState, ...this.#foldersOf(peers)].filter((folder) => identityOf(folder) !== 'none');
    // What came before it is watched rang nothing.
    if (this.#folders.set([...this.#servers.keys(), ...others])) this.#ring();
    this.#state.rearm([state]);
  }

  /**
   * Of each one that counts, and no others: who writes there may make as many as it likes, and each would be looked at
   * and remembered.
   */
  #foldersOf(peers: readonly string[]): readonly string[] {
    const { fleet } = this.#config;
    if (fleet === undefined) return [];
    const inbox = join(fleet.folder, 'in');
    return [inbox, join(fleet.folder, 'mover'), ...peers.map((peer) => join(inbox, peer))];
  }

  async close(): Promise<void> {
    this.#folders.close();
    await Promise.all([this.#spool.close(), this.#state.close()]);
  }
}
