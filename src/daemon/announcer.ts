/** Tells systemd that we are ready, and how we are whenever that changes. */
import type { StatusRecord } from '../status/status-record.ts';
import { observeText } from '../config/mode.ts';
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
  mode,
  converged,
  bans,
  claims,
  conditions,
}: Pick<StatusRecord, 'mode' | 'converged' | 'bans' | 'claims' | 'conditions'>): string {
  const wrong = conditions.find(({ status }) => status === 'False');
  const isObserving = mode === 'observe';
  const verdict = isObserving ? observeText(bans) : 'converged';
  const counts = [...(isObserving ? [] : [countText(bans, 'ban')]), countText(claims, 'claim')].join(', ');
  return wrong === undefined
    ? `${verdict}, ${counts}`
    : `${converged ? verdict : 'not converged'}, ${counts}; ${wrong.message}`;
}
