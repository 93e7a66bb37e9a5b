/** The keeper of the sources: asks all of them, and remembers what they gave, to know whether it changed. */
import type { SentIntent } from '../claims/fold.ts';
import type { Regions } from '../claims/state.ts';
import type { Problem } from '../domain/conditions.ts';
import type { Look, Source } from './source.ts';

interface Given {
  /** One each, of those that give any. */
  readonly given: readonly Regions[];
  /** True where it differs from what was given the last time. */
  readonly isNew: boolean;
}

export class Sources {
  readonly #all: readonly Source[];
  #last: readonly Regions[] | undefined;

  constructor(all: readonly Source[]) {
    this.#all = all;
  }

  async give(): Promise<Given> {
    const given: Regions[] = [];
    for (const source of this.#all) if (source.give !== undefined) given.push(await source.give());
    const last = this.#last ?? given;
    this.#last = given;
    return { given, isNew: given.some((regions, index) => regions !== last[index]) };
  }

  async say(look: Look): Promise<readonly SentIntent[]> {
    const sent: SentIntent[] = [];
    for (const source of this.#all) {
      // One by one: as arguments of one call, over a hundred thousand overflow the stack.
      for (const each of (await source.say?.(look)) ?? []) sent.push(each);
    }
    return sent;
  }

  /** Has each keep what it gave; one that cannot is told of by its problems, and keeps nobody else from it. */
  async keep(): Promise<void> {
    for (const source of this.#all) await source.keep?.();
  }

  problems(): readonly Problem[] {
    return this.#all.flatMap((source) => source.problems?.() ?? []);
  }

  hasNews(): boolean {
    return this.#all.some((source) => source.hasNews?.() === true);
  }
}
