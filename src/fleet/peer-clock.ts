/**
 * Converts times of a peer to the clock of this firewall. A publication cannot be newer than now, so its time shows by
 * how much the clock of the peer is ahead. The result is inexact by the seconds that the publication took to arrive,
 * and unknown for times from before the peer set its clock. So a line that was taken in keeps its first converted time:
 * a lift whose time moved forward would lift bans that began later. Pure.
 */
import type { Ban, Claim } from '../claims/claim.ts';
import { MAX_AHEAD_MS } from '../intent/clamp.ts';

/** By how much the delivery times of two publications may differ. */
const JITTER_MS = 30_000;

interface Clocks {
  readonly now: number;
  /** When the publication was made, by the peer's clock. */
  readonly published: number;
}

/** The line as it was taken in before. */
type Held = Pick<Claim, 'bans' | 'unbanned'> | undefined;

export class PeerClock {
  readonly now: number;
  /** By how much the peer is ahead, in milliseconds; zero for up to MAX_AHEAD_MS. */
  readonly #ahead: number;

  constructor({ now, published }: Clocks) {
    this.now = now;
    this.#ahead = published - now > MAX_AHEAD_MS ? published - now : 0;
  }

  /** True if a time of the line has to be converted. */
  isAhead({ bans, unbanned = -Infinity }: Pick<Claim, 'bans' | 'unbanned'>): boolean {
    return this.#ahead > 0 || this.#isGuess(unbanned) || bans.some(({ since }) => this.#isGuess(since));
  }

  /** The converted time; now, if it is still in the future. */
  timeOf(time: number): number {
    return this.#isGuess(time) ? this.now : time - this.#ahead;
  }

  /** The converted ban, of the same length; the held one, if it is the same ban. */
  banOf({ since, until }: Ban, held: Held): Ban {
    const begin = this.timeOf(since);
    const isThat = (ban: Ban): boolean =>
      ban.until - ban.since === until - since && this.#mayBe(since, begin - ban.since);
    const known = begin === since ? undefined : held?.bans.find(isThat);
    return known ?? { heard: begin, since: begin, until: until - (since - begin) };
  }

  /** The converted time of a lift; the held time, if it is the same lift. */
  liftOf(unbanned: number, held: Held): number {
    const time = this.timeOf(unbanned);
    const known = time === unbanned ? undefined : held?.unbanned;
    return known !== undefined && this.#mayBe(unbanned, time - known) ? known : time;
  }

  /** True if the time is in the future even after the conversion. */
  #isGuess(time: number): boolean {
    return time - this.#ahead - this.now > MAX_AHEAD_MS;
  }

  #mayBe(time: number, difference: number): boolean {
    return this.#isGuess(time) || Math.abs(difference) <= JITTER_MS;
  }
}
