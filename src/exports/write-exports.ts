/**
 * Writes all exports of a policy from one conclusion. In: what stands, and the exports. Out: what became of each; one
 * that cannot be written keeps no other from it.
 */
import type { ExportPolicy } from '../policy/export-schema.ts';
import { messageWithMend } from '../system/error.ts';
import type { ExportFolder, Written } from '../system/files/export-folder.ts';
import { inSlices, Stopped, type Turn } from '../system/processes/turns.ts';
import type { Collector, Standing } from './collect.ts';
import type { Entry } from './entry.ts';
import { FORMS } from './forms/forms.ts';

export interface Exported extends Pick<ExportPolicy, 'file' | 'format'> {
  /** As it was written last; undefined where it never was. */
  readonly written: (Written & { readonly entries: number }) | undefined;
  /** Why not. */
  readonly problem: string | undefined;
}

interface Writing {
  readonly collector: Collector;
  readonly folder: ExportFolder;
  /** To be waited for between slices. */
  readonly turn: Turn;
}

/** Writes them one after the other. */
export async function writeExports(
  standing: Standing,
  exports: readonly ExportPolicy[],
  { collector, folder, turn }: Writing,
): Promise<readonly Exported[]> {
  // Exports of the same addresses are mostly one more form of them.
  const known = new Map<string, readonly Entry[]>();
  const exported: Exported[] = [];
  for (const each of exports) {
    const { file, format, jails, aggregate, families } = each;
    const selection = JSON.stringify([jails, aggregate, families]);
    try {
      const entries = known.get(selection) ?? (await inSlices(collector.collect(standing, each), turn));
      known.set(selection, entries);
      const parts: Buffer[] = [];
      for (const part of FORMS[format]({ file, families, entries })) {
        parts.push(Buffer.from(part));
        await turn();
      }
      const written = await folder.write(file, Buffer.concat(parts));
      exported.push({ file, format, written: { ...written, entries: entries.length }, problem: undefined });
    } catch (error) {
      if (error instanceof Stopped) throw error;
      exported.push({ file, format, written: undefined, problem: messageWithMend(error) });
    }
    await turn();
  }
  return exported;
}
