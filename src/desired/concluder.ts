/** Remembers what was concluded last, so that only regions in which something changed since are judged again. */
import type { State } from '../claims/state.ts';
import type { Circumstances } from '../policy/judge.ts';
import { conclude, type Conclusion } from './conclude.ts';

export class Concluder {
  #last: Conclusion | undefined;

  /** Concludes, as {@link conclude} does without a memory. */
  conclude(state: State, circumstances: Circumstances): Conclusion {
    this.#last = conclude(state, circumstances, { before: this.#last });
    return this.#last;
  }
}
