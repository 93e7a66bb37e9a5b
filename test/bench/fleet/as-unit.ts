/** How systemd starts a program of ours, as far as it tells in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');

/** The beginning of a command with the environment of that unit, of this build unless another's folder is named. */
export function asUnit(name: string, folder = ROOT): readonly string[] {
  const [, settings = ''] =
    /^Environment=(.*)$/m.exec(readFileSync(join(folder, 'systemd', name), 'utf8')) ?? [];
  return ['env', ...settings.split(' ')];
}
