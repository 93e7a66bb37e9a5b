/** A look for a command that answers somebody: what he should know of the answer is told on stderr. */
import { preview, type Preview, type PreviewOptions } from '../pass/preview.ts';
import type { World } from '../world/world.ts';
import type { Io } from './io.ts';

/** Looks. A damaged policy is no reason to answer nothing, and is told of. */
export async function previewWithWarnings(world: World, io: Io, options?: PreviewOptions): Promise<Preview> {
  const found = await preview(world, options);
  const damaged = found.inputs.problems.find(({ condition }) => condition === 'PolicyValid');
  if (damaged !== undefined) io.err(`banspool: warning: ${damaged.message}\n`);
  return found;
}
