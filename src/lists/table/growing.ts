/** Typed arrays that grow: a million entries as objects would take ten times the memory. */

/** Numbers of 32 bits. */
export class GrowingNumbers {
  #held = new Uint32Array(FEW);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: number): void {
    if (this.#length === this.#held.length) this.#held = doubled(this.#held, Uint32Array);
    this.#held[this.#length] = number;
    this.#length += 1;
  }

  /** A view, which is good until the next push. */
  view(): Uint32Array {
    return this.#held.subarray(0, this.#length);
  }
}

/** Numbers of 64 bits. */
export class GrowingBigs {
  #held = new BigUint64Array(FEW);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(number: bigint): void {
    if (this.#length === this.#held.length) this.#held = doubled(this.#held, BigUint64Array);
    this.#held[this.#length] = number;
    this.#length += 1;
  }

  /** A view, which is good until the next push. */
  view(): BigUint64Array {
    return this.#held.subarray(0, this.#length);
  }
}

interface Settable<T> {
  readonly length: number;
  set(other: T): void;
}

function doubled<T extends Settable<T>>(held: T, make: new (length: number) => T): T {
  const more = new make(held.length * 2);
  more.set(held);
  return more;
}

const FEW = 16;
