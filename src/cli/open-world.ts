/** Reads the config file and opens the world that it describes. */
import { DEFAULT_CONFIG_PATH, readConfig, type Config } from '../config/config.ts';
import { realWorld } from '../controller/real-world.ts';
import type { World } from '../controller/world.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { files } from '../system/files.ts';
import { logStyle, makeLog } from '../system/log.ts';
import type { Run } from '../system/run.ts';
import type { Io } from './io.ts';

/** The config at `path`; a missing file at the default place is an empty one. Throws with the line of a mistake. */
export async function loadConfig(path: string): Promise<Config> {
  const text = await files.read(path).catch((error: unknown) => {
    throw new BanspoolError('config', `cannot read ${path}: ${messageOf(error)}`, {
      hint: 'name another with --config FILE',
    });
  });
  if (text === undefined && path !== DEFAULT_CONFIG_PATH) {
    throw new BanspoolError('config', `there is no config file ${path}`, {
      hint: 'name another with --config FILE',
    });
  }
  const read = readConfig(text ?? '');
  if (read.kind === 'config') return read.config;
  const [first] = read.mistakes;
  throw new BanspoolError(
    'config',
    `${path}:${first?.line ?? 1}:${first?.column ?? 1}: ${first?.message ?? 'unreadable'}`,
    {
      hint: `banspool check --config ${path} shows all that is wrong`,
    },
  );
}

/** The world of that config; programs are run by `run`. */
export async function openWorld(io: Io, path: string, run?: Run): Promise<World> {
  const log = makeLog({ write: io.err }, logStyle(io.env));
  return realWorld(await loadConfig(path), log, run);
}
