/** Tells systemd that we are ready, and how we are whenever that changes. */
import type { Notify } from '../system/notify.ts';

export class Announcer {
  readonly #notify: Notify;
  #told = '';
  #isTelling = false;

  constructor(notify: Notify) {
    this.#notify = notify;
  }

  /**
   * Sends a status that is new. Nobody waits for it: a systemd that is slow to listen must not make bans slow. What
   * comes while it listens is told with the next call.
   */
  announce(status: string): void {
    if (status === this.#told || this.#isTelling) return;
    this.#told = status;
    this.#isTelling = true;
    void this.#notify.send('READY=1', `STATUS=${status}`).finally(() => {
      this.#isTelling = false;
    });
  }
}
