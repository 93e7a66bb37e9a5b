/** Judges pieces of a replay by both policies, many at once, and keeps what comes of them. Pure. */
import type { Net } from '../domain/net.ts';
import { BanTimes, type Side, type Window } from './ban-times.ts';
import type { Epoch } from './epochs.ts';
import type { Piece } from './timeline.ts';
import { Labels, Verdicts, type Span } from './verdicts.ts';

interface JudgingOptions {
  readonly epochs: Readonly<Record<Side, readonly Epoch[]>>;
  readonly ownAddresses: readonly Net[];
  readonly window: Window;
}

interface Taken {
  readonly piece: Piece;
  /** For which policies it is claimed. */
  readonly sides: readonly Side[];
}

/** Pieces that are judged at once. */
const BATCH = 1_024;

export class Judging {
  readonly #window: Window;
  readonly #verdicts: Readonly<Record<Side, Verdicts>>;
  readonly #times: BanTimes;
  #batch: Taken[] = [];

  constructor({ epochs, ownAddresses, window }: JudgingOptions) {
    const labels = new Labels();
    this.#window = window;
    this.#verdicts = {
      before: new Verdicts({ epochs: epochs.before, ownAddresses, labels }),
      after: new Verdicts({ epochs: epochs.after, ownAddresses, labels }),
    };
    this.#times = new BanTimes(window);
  }

  /** Takes what is claimed for some of the policies alone. */
  taker(sides: readonly Side[]): (piece: Piece) => void {
    return (piece) => {
      this.take(piece, sides);
    };
  }

  take(piece: Piece, sides: readonly Side[]): void {
    if (piece.to <= this.#window.since || this.#batch.push({ piece, sides }) < BATCH) return;
    this.#judge();
  }

  /** Judges what is left, and what the policies deny by themselves. */
  finish(): BanTimes {
    this.#judge();
    this.#times.add(this.#verdicts.before.denied(), this.#verdicts.after.denied());
    return this.#times;
  }

  #judge(): void {
    const [before, after] = [this.#spansOf('before'), this.#spansOf('after')];
    for (const { piece } of this.#batch) this.#times.add(before.get(piece) ?? [], after.get(piece) ?? []);
    this.#batch = [];
  }

  #spansOf(side: Side): ReadonlyMap<Piece, readonly Span[]> {
    const pieces = this.#batch.flatMap(({ piece, sides }) => (sides.includes(side) ? [piece] : []));
    const spans = this.#verdicts[side].of(pieces);
    return new Map(pieces.map((piece, index) => [piece, spans[index] ?? []]));
  }
}
