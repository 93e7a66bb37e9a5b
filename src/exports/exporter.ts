/**
 * Writes the exports of a controller, at most every few seconds, beside its passes: in slices of some milliseconds,
 * with which it waits while a pass is under way. In: the last conclusion. Where nothing is exported it looks once
 * whether something was, and costs nothing; what makes exports is loaded with the first one.
 */
import type { Problem } from '../domain/conditions.ts';
import type { Conclusion } from '../desired/conclude.ts';
import type { Portion } from '../desired/portion.ts';
import type { Memory } from '../pass/memory.ts';
import { messageWithMend } from '../system/error.ts';
import { ExportFolder } from '../system/files/export-folder.ts';
import { Stopped, turns } from '../system/processes/turns.ts';
import type { World } from '../world/world.ts';
import type { Collector } from './collect.ts';
import type { Exported } from './write-exports.ts';

const EVERY_MS = 5_000;

/** Until what failed is tried again, and until files that nothing changed of are looked at again. */
const LOOK_MS = 60_000;

interface ExporterOptions {
  /** True while a pass is under way. */
  readonly isPassing: () => boolean;
  /** Called after exports were written, or could not be. */
  readonly written: () => void;
}

export class Exporter {
  readonly #world: World;
  readonly #memory: Pick<Memory, 'concluder'>;
  readonly #options: ExporterOptions;
  readonly #folder: ExportFolder;
  /** What the files were made of. */
  #made: Conclusion | undefined;
  #collector: Collector | undefined;
  #exported: readonly Exported[] = [];
  #unremoved: string | undefined;
  /** By the clock that nobody sets. */
  #lookedAt = -Infinity;
  #writing: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(world: World, memory: Pick<Memory, 'concluder'>, options: ExporterOptions) {
    this.#world = world;
    this.#memory = memory;
    this.#options = options;
    this.#folder = new ExportFolder(world.config.exports);
  }

  /** What became of each export; undefined before it was tried. */
  get exported(): readonly Exported[] | undefined {
    return this.#made && this.#exported;
  }

  /** What could not be written or removed. */
  get problem(): Problem | undefined {
    const all = [...this.#exported.map(({ problem }) => problem), this.#unremoved];
    const problems = all.filter((problem) => problem !== undefined);
    if (problems.length === 0) return undefined;
    return { condition: 'ExportsWritten', reason: 'WriteFailed', message: problems.join('; ') };
  }

  /** Begins to write, unless that goes on, nothing changed, or it is too soon: then it begins later by itself. */
  consider(): void {
    if (this.#writing !== undefined || this.#isStopped) return;
    const conclusion = this.#memory.concluder.last;
    if (conclusion === undefined || this.#isIdle(conclusion)) return;
    const isNews = this.#made === undefined || !isSame(this.#made, conclusion);
    const wait = isNews && this.problem === undefined ? EVERY_MS : LOOK_MS;
    const left = this.#lookedAt + wait - performance.now();
    if (left <= 0) this.#begin(conclusion);
    else if (isNews) this.#again ??= setTimeout(this.#considerAgain, left).unref();
  }

  /** Lets what is being written be, and begins nothing. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#again);
    await this.#writing;
  }

  /** Nothing is exported, and nothing was. */
  #isIdle({ basis }: Conclusion): boolean {
    const before = this.#made?.basis.policy.exports;
    return before?.length === 0 && basis.policy.exports.length === 0 && this.#unremoved === undefined;
  }

  #begin(conclusion: Conclusion): void {
    this.#lookedAt = performance.now();
    this.#writing = this.#write(conclusion).finally(() => {
      this.#writing = undefined;
      // What was concluded meanwhile.
      this.consider();
    });
  }

  readonly #considerAgain = (): void => {
    this.#again = undefined;
    this.consider();
  };

  async #write(conclusion: Conclusion): Promise<void> {
    const made = this.#made;
    if (made !== undefined && isSame(made, conclusion) && (await this.#isIntact())) return;
    const { exports } = conclusion.basis.policy;
    const { isPassing, written } = this.#options;
    const folder = this.#folder;
    try {
      if (exports.length > 0) {
        const [{ writeExports }, { Collector }] = await Promise.all([
          import('./write-exports.ts'),
          import('./collect.ts'),
        ]);
        this.#collector ??= new Collector();
        const turn = turns({ isPassing, isStopped: () => this.#isStopped });
        const standing = this.#world.config.mode === 'observe' ? NOTHING : conclusion;
        const exported = await writeExports(standing, exports, { collector: this.#collector, folder, turn });
        const lastOf = (name: string): Exported['written'] =>
          this.#exported.find(({ file }) => file === name)?.written;
        this.#exported = exported.map((each) => ({ ...each, written: each.written ?? lastOf(each.file) }));
      } else this.#exported = [];
      await folder.keepOnly(exports.map(({ file }) => file));
      this.#unremoved = undefined;
    } catch (error) {
      if (error instanceof Stopped) return;
      this.#unremoved = messageWithMend(error);
    }
    const isUsed = exports.length > 0 || (made?.basis.policy.exports.length ?? 0) > 0;
    this.#made = conclusion;
    if (isUsed || this.#unremoved !== undefined) written();
    else this.#lookedAt = -Infinity;
  }

  /** Whether all files are as they were written. */
  async #isIntact(): Promise<boolean> {
    if (this.problem !== undefined) return false;
    for (const { file, written } of this.#exported) {
      const seen = await this.#folder.look(file);
      if (seen?.bytes !== written?.bytes || seen?.changedAt !== written?.changedAt) return false;
    }
    return true;
  }
}

/** What is observed is not dropped. */
const NOTHING = { portions: { ipv4: new Map(), ipv6: new Map() }, deny: [], allowed: [] } as const;

/** True where the same follows from both, for exports. */
function isSame(a: Conclusion, b: Conclusion): boolean {
  if (a === b) return true;
  if (a.basis.policy !== b.basis.policy || a.basis.allowed !== b.basis.allowed) return false;
  // They end by the clock.
  if (a.deny.length !== b.deny.length || a.deny.some((each, index) => each !== b.deny[index])) return false;
  return isSameIn(a.portions.ipv4, b.portions.ipv4) && isSameIn(a.portions.ipv6, b.portions.ipv6);
}

function isSameIn(a: ReadonlyMap<string, Portion>, b: ReadonlyMap<string, Portion>): boolean {
  if (a.size !== b.size) return false;
  for (const [region, portion] of a) if (b.get(region) !== portion) return false;
  return true;
}
