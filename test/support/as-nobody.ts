/**
 * Code of ours in a process that acts as nobody, with root's real ids: as what root starts for the owner of the
 * state.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { outputOf } from './run-program.ts';

const SOURCE = join(import.meta.dirname, '../../src');

/** The account without rights, which every Linux has. */
export const NOBODY = { uid: 65534, gid: 65534 };

interface Code {
  /** Below src, such as `system/user.js`. */
  readonly module: string;
  /** What is printed, as JSON: of `module` and `words`. */
  readonly expression: string;
  readonly words?: readonly string[];
  /** Nobody's when absent. */
  readonly ids?: typeof NOBODY;
}

/** What the expression comes to; only root can ask, outside of any user namespace. */
export async function askAsNobody({
  module,
  expression,
  words = [],
  ids: { uid, gid } = NOBODY,
}: Code): Promise<unknown> {
  chmodSync('/run', 0o755);
  const script = `
    const [path, ...words] = process.argv.slice(1);
    const module = await import(path);
    console.log(JSON.stringify(await (${expression}) ?? null));`;
  const asThem = ['--euid', String(uid), '--egid', String(gid), '--clear-groups'];
  const node = [
    process.execPath,
    '--input-type=module',
    '-e',
    script,
    `file://${join(SOURCE, module)}`,
    ...words,
  ];
  return JSON.parse(await outputOf(['setpriv', ...asThem, ...node]));
}
