/** Tells systemd that we are ready, and how we are whenever that changes. */
import type { StatusRecord } from '../status/status-record.ts';
import { countText } from '../domain/words.ts';
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

/** Tells systemd that we are alive, as often as it wants to hear that; undefined where it does not. */
export function startWatchdog(notify: Notify, isAlive: () => boolean): NodeJS.Timeout | undefined {
  if (notify.watchdogMs === undefined) return undefined;
  return setInterval(() => {
    if (isAlive()) void notify.send('WATCHDOG=1');
  }, notify.watchdogMs / 3);
}

/** What systemd shows of us: `converged, 12 bans, 14 claims`. */
export function statusLine({
  converged,
  bans,
  claims,
  conditions,
}: Pick<StatusRecord, 'converged' | 'bans' | 'claims' | 'conditions'>): string {
  const wrong = conditions.find(({ status }) => status === 'False');
  const counts = `${countText(bans, 'ban')}, ${countText(claims, 'claim')}`;
  return wrong === undefined
    ? `converged, ${counts}`
    : `${converged ? 'converged' : 'not converged'}, ${counts}; ${wrong.message}`;
}
