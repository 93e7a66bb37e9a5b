/** The engine `git`: a repository, and a bell over the same ssh connection. */
import type { FleetConfig } from '../../config/config.ts';
import type { Listen } from '../../system/processes/listen.ts';
import type { World } from '../../world/world.ts';
import type { Engine } from '../mover.ts';
import { GitMover } from './git-mover.ts';
import { bellWords, remoteOf } from './ssh-line.ts';

interface GitOptions {
  readonly fleet: FleetConfig;
  readonly remote: string;
  readonly listen: Listen;
}

/** Opens no connection before the first push, fetch or bell. A repository on this machine has no bell. */
export function openGit(world: Pick<World, 'files' | 'run'>, options: GitOptions): Engine {
  const { fleet, remote, listen } = options;
  const mover = new GitMover(world, fleet, remote);
  const hub = remoteOf(remote);
  return {
    push: () => mover.push(),
    fetch: () => mover.fetch(),
    openBell: (ringing) =>
      hub.host === undefined ? undefined : listen('ssh', bellWords(fleet, hub), ringing),
    close: () => undefined,
  };
}
