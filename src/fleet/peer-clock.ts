/**
 * Times of a peer, by the clock of this firewall. A peer's clock may be ahead: by how much, its publication tells,
 * which cannot be newer than now. That is known to some seconds only, which the way of the publication takes, and not
 * at all of what was said before the peer set its clock. So what was taken in once keeps the time that it got then: a
 * lift that moved on would lift bans that began since. Pure.
 */
import type { Ban, Claim } from '../claims/claim.ts';
import { MAX_AHEAD_MS } from '../intent/clamp.ts';

/** What publications of a peer whose clock is ahead may take to come, one more than another. */
const JITTER_MS = 30_000;

interface Clocks {
  readonly now: number;
  /** When the publication was made, by the peer's clock. */
  readonly published: number;
}

/** What was taken in of a line before. */
type Held = Pick<Claim, 'bans' | 'unbanned'> | undefined;

export class PeerClock {
  readonly now: number;
  /** By so much it is ahead; zero for what clocks may differ by. */
  readonly #ahead: number;

  constructor({ now, published }: Clocks) {
    this.now = now;
    this.#ahead = published - now > MAX_AHEAD_MS ? published - now : 0;
  }

  /** True where a time of the line is not taken as it is. */
  isAhead({ bans, unbanned = -Infinity }: Pick<Claim, 'bans' | 'unbanned'>): boolean {
    return this.#ahead > 0 || this.#isGuess(unbanned) || bans.some(({ since }) => this.#isGuess(since));
  }

  /** The moment; now, where it has not come yet. */
  timeOf(time: number): number {
    return this.#isGuess(time) ? this.now : time - this.#ahead;
  }

  /** The ban, which keeps its length; the one that is held, where it is that. */
  banOf({ since, until }: Ban, held: Held): Ban {
    const begin = this.timeOf(since);
    const isThat = (ban: Ban): boolean =>
      ban.until - ban.since === until - since && this.#mayBe(since, begin - ban.since);
    const known = begin === since ? undefined : held?.bans.find(isThat);
    return known ?? { heard: begin, since: begin, until: until - (since - begin) };
  }

  /** When it lifted; when that is held for, where it is that. */
  liftOf(unbanned: number, held: Held): number {
    const time = this.timeOf(unbanned);
    const known = time === unbanned ? undefined : held?.unbanned;
    return known !== undefined && this.#mayBe(unbanned, time - known) ? known : time;
  }

  /** It is not known when that was. */
  #isGuess(time: number): boolean {
    return time - this.#ahead - this.now > MAX_AHEAD_MS;
  }

  #mayBe(time: number, difference: number): boolean {
    return this.#isGuess(time) || Math.abs(difference) <= JITTER_MS;
  }
}
