/** The engine `valkey`: keys on a server, and a bell over a separate connection. */
import type { FleetConfig } from '../../config/config.ts';
import type { ReadSecret } from '../../system/files/read-secret.ts';
import type { ConnectValkey, ValkeyConnection } from '../../system/valkey.ts';
import type { World } from '../../world/world.ts';
import type { Engine } from '../mover.ts';
import { ValkeyBell } from './valkey-bell.ts';
import { readServer } from './read-server.ts';
import { ValkeyMover } from './valkey-mover.ts';
import { ValkeyStore } from './valkey-store.ts';

interface ValkeyOptions {
  readonly fleet: FleetConfig;
  readonly remote: string;
  readonly connectValkey: ConnectValkey;
  readonly readSecret: ReadSecret;
}

/** Opens no connection before the first push, fetch or bell. */
export function openValkey(world: Pick<World, 'files' | 'log'>, options: ValkeyOptions): Engine {
  const { fleet, remote, connectValkey, readSecret } = options;
  const files = { files: world.files, readSecret };
  /** Reads the files for each connection, because a password may have changed. */
  const connect = async (ended?: (why: string) => void): Promise<ValkeyConnection> =>
    connectValkey(await readServer(files, fleet, remote), ended && { ended });
  let standing: ValkeyConnection | undefined;
  const store = new ValkeyStore(async () => {
    if (standing?.isOpen() !== true) standing = await connect();
    return standing;
  });
  const mover = new ValkeyMover(world, fleet, store);
  return {
    push: () => mover.push(),
    fetch: () => mover.fetch(),
    openBell: (ringing) => new ValkeyBell(ringing, { name: fleet.name, connect }),
    close: () => standing?.close(),
  };
}
