/** What a scenario is handed: the build that it measures, and when it is its turn. */
import { join } from 'node:path';
import { Sandbox, type SandboxOptions } from '../support/sandbox.ts';

/** A folder with the source of a commit, built. */
export interface Build {
  readonly name: string;
  readonly folder: string;
}

export interface Bench {
  readonly build: Build;
  /** How many rounds to make: as many as the scenario wants, unless whoever started it wants another number. */
  readonly rounds: (wanted: number) => number;
  /**
   * Waits until it is this build's turn again. Called before each round: rounds of two builds come in alternation, and
   * while one has its turn the other does nothing.
   */
  readonly turn: () => Promise<void>;
}

/** A sandbox above an empty firewall whose commands are this build's; an hour passes between full passes. */
export async function openSandbox({ build }: Bench, config: SandboxOptions['config'] = {}): Promise<Sandbox> {
  const sandbox = await Sandbox.open({ config });
  sandbox.program = join(build.folder, 'dist/banspool.js');
  return sandbox;
}
