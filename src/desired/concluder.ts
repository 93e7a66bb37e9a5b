/** Remembers what was concluded last, so that only regions in which something changed since are judged again. */
import type { State } from '../claims/state.ts';
import { conclude, type Conclusion, type Grounds } from './conclude.ts';

export class Concluder {
  #last: Conclusion | undefined;

  /** What was concluded last; undefined before the first pass. */
  get last(): Conclusion | undefined {
    return this.#last;
  }

  /** Concludes, as {@link conclude} does without a memory. */
  conclude(state: State, grounds: Grounds): Conclusion {
    this.#last = conclude(state, grounds, { before: this.#last });
    return this.#last;
  }
}
