/** How a channel goes on after its message was sent, or was not: from the state and the outcome to the state. Pure. */
import type { NotifyState, Outgoing } from './state.ts';

/** What came of an attempt to send. */
export type Sent =
  | { readonly kind: 'sent'; /** What the server said. */ readonly answer: string }
  | {
      readonly kind: 'failed';
      readonly why: string;
      /** The server will refuse it again. */
      readonly isRefusal: boolean;
    };

/** After a failure: 10 s, doubled each time. */
const FIRST_PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 15 * 60_000;

/** What is older, or was refused so often, is given up: what comes later may be taken. */
export const MAX_AGE_MS = 3 * 24 * 3600 * 1000;
const MAX_REFUSALS = 5;

export interface Outcome {
  readonly channel: string;
  /** Of the message. */
  readonly id: string;
  readonly sent: Sent;
  readonly now: number;
}

/** The next state; `lost` is true where the message was given up. */
export function settle(
  before: NotifyState,
  { channel, id, sent, now }: Outcome,
): { readonly state: NotifyState; readonly isLost: boolean } {
  const its = before.channels[channel];
  const { outgoing } = its ?? {};
  if (its === undefined || outgoing?.message.id !== id) return { state: before, isLost: false };
  const put = (change: Partial<typeof its>): NotifyState => ({
    ...before,
    channels: { ...before.channels, [channel]: { ...its, ...change } },
  });
  if (sent.kind === 'sent') {
    const times = [...its.sent, now];
    return { state: put({ outgoing: null, sent: times, lastSuccess: now, lost: 0 }), isLost: false };
  }
  const tries = outgoing.tries + 1;
  const refusals = outgoing.refusals + (sent.isRefusal ? 1 : 0);
  if (refusals >= MAX_REFUSALS || Math.abs(now - outgoing.message.at) > MAX_AGE_MS)
    return { state: put({ outgoing: null, lost: its.lost + 1 }), isLost: true };
  const notBefore = now + Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), MAX_PAUSE_MS);
  const next = { ...outgoing, tries, refusals, notBefore, failure: sent.why };
  return { state: put({ outgoing: next }), isLost: false };
}

/** Whether it is time for the next try; a clock that was set back does not put that off. */
export function isDue({ notBefore }: Pick<Outgoing, 'notBefore'>, now: number): boolean {
  return notBefore <= now || notBefore - now > MAX_PAUSE_MS;
}
