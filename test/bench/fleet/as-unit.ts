/** How systemd starts a program of ours, as far as it tells in memory. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const UNITS = join(import.meta.dirname, '../../../../systemd');

/** The beginning of a command with the environment of that unit. */
export function asUnit(name: string): readonly string[] {
  const [, settings = ''] = /^Environment=(.*)$/m.exec(readFileSync(join(UNITS, name), 'utf8')) ?? [];
  return ['env', ...settings.split(' ')];
}
