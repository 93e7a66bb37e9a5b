/** How systemd starts a program of ours, as far as it tells in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/** The beginning of a command with the environment of that unit. */
export function asUnit(name: string): readonly string[] {
  return ['env', ...Object.entries(unitSettings(name)).map(([key, value]) => `${key}=${value}`)];
}

/** The environment of that unit, of this build unless another's folder is named. */
export function unitSettings(name: string, folder = ROOT): Readonly<Record<string, string>> {
  const [, settings = ''] =
    /^Environment=(.*)$/m.exec(readFileSync(join(folder, 'systemd', name), 'utf8')) ?? [];
  const pairs = settings.split(' ').map((each) => /^(\w+)=(.*)$/.exec(each)?.slice(1) ?? []);
  return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, value]));
}
