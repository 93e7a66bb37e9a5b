/** Reads the config file and opens the world that it describes. */
import { DEFAULT_CONFIG_PATH, readConfig, type Config } from '../config/config.ts';
import { realWorld, type Programs } from '../world/real-world.ts';
import type { World } from '../world/world.ts';
import { ownerOfState, stateOwner } from '../ledger/state-owner.ts';
import { runAnewAs } from '../system/processes/act-anew.ts';
import { access } from '../system/files/access.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { isRoot, readGiven } from '../system/host.ts';
import { logStyle, makeLog } from '../system/log.ts';
import type { Identity } from '../system/user.ts';
import type { Io } from './io.ts';

/** The config at `path`; a missing file at the default place is an empty one. Throws with the line of a mistake. */
export async function loadConfig({ given }: Io, path: string): Promise<Config> {
  const text = await given
    .read(path, () => readGiven(path))
    .catch((error: unknown) => {
      throw new BanspoolError('config', `cannot read ${path}: ${messageOf(error)}`, {
        cause: error,
        hint: 'specify another with --config FILE',
      });
    });
  if (text === undefined && path !== DEFAULT_CONFIG_PATH) {
    throw new BanspoolError('config', `there is no config file ${path}`, {
      hint: 'specify another with --config FILE',
    });
  }
  const read = readConfig(text ?? '');
  if (read.kind === 'config') return read.config;
  const [first] = read.mistakes;
  throw new BanspoolError(
    'config',
    `${path}:${first?.line ?? 1}:${first?.column ?? 1}: ${first?.message ?? 'unreadable'}`,
    {
      hint: `banspool check --config ${path} shows all mistakes`,
    },
  );
}

/**
 * The world of the config at `path`, for commands that only ask, or leave a word in the spool. Root asks as the owner
 * of the state: whatever that account has put in the way then leads to nothing that it could not do by itself.
 */
export async function openOwnersWorld(io: Io, path: string, programs?: Programs): Promise<World> {
  const world = await ownersWorld(io, await loadConfig(io, path), programs);
  await requireAccess(world);
  return world;
}

/** Throws where this user may not look at the folder at all. */
export async function requireAccess(world: World, folder = world.config.state): Promise<void> {
  if (isRoot() || access(folder, 'read') !== 'forbidden') return;
  const { name = 'root' } = (await stateOwner(world)) ?? {};
  const who = name === 'root' ? 'root' : `root, or as ${name}`;
  throw new BanspoolError('io', `this user cannot read ${folder}`, {
    hint: `run it as ${who}, or as a member of the group that owns the folder`,
  });
}

/** The same of a config that was read already. */
export async function ownersWorld(io: Io, config: Config, programs?: Programs): Promise<World> {
  const owner = ownerToActAs(config);
  if (owner !== undefined) process.exit(await runAnewAs(owner, io.given));
  return worldOf(io, config, programs);
}

/** As whom root looks at the state; undefined for whoever looks as itself. */
export function ownerToActAs(config: Config): Identity | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const owner = ownerOfState(config);
  return owner?.uid === 0 ? undefined : owner;
}

/** The world of the config at `path`; `programs` are what it speaks to others by. */
export async function openWorld(io: Io, path: string, programs?: Programs): Promise<World> {
  return worldOf(io, await loadConfig(io, path), programs);
}

/** The same of a config that was read already. */
export function worldOf(io: Io, config: Config, programs?: Programs): World {
  return realWorld(config, makeLog({ write: io.err }, logStyle(io.env)), programs);
}
