/** The program with one module of its own exchanged: what every command then says, without any of them being told. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Sandbox } from './sandbox.ts';

interface Exchange {
  readonly module: RegExp;
  /** A folder below the repository; others that import it find it as it is. */
  readonly asImportedIn: string;
  /** The path of the module that takes its place. */
  readonly instead: string;
}

const ROOT = join(import.meta.dirname, '../../..');

/** Builds it in the sandbox's folder; returns its path. */
export async function buildWith({ folder }: Sandbox, exchange: Exchange): Promise<string> {
  const { module, asImportedIn, instead } = exchange;
  const home = join(folder, 'program');
  const program = join(home, 'dist/banspool.js');
  for (const name of ['package.json', 'state'])
    cpSync(join(ROOT, name), join(home, name), { recursive: true });
  await build({
    entryPoints: [join(ROOT, 'src/main.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'exchange',
        setup: (building) => {
          building.onResolve({ filter: module }, ({ importer }) =>
            importer.startsWith(join(ROOT, asImportedIn, '/')) ? { path: instead } : undefined,
          );
        },
      },
    ],
  });
  return program;
}
