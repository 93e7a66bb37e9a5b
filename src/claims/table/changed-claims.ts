/** The claims of a shard with what changed since, which is all that is kept of it: a ban copies no other claims. */
import { claimKey, type Claim } from '../claim.ts';
import { ClaimTable } from './claim-table.ts';

export class ChangedClaims {
  readonly #base: ClaimTable | undefined;
  readonly #changed = new Map<string, Claim>();

  constructor(base: ClaimTable | undefined) {
    this.#base = base;
  }

  get(key: string): Claim | undefined {
    return this.#changed.get(key) ?? this.#base?.get(key);
  }

  set(key: string, claim: Claim): void {
    this.#changed.set(key, claim);
  }

  *values(): Generator<Claim, undefined> {
    yield* this.#unchanged(this.#base?.values() ?? []);
    yield* this.#changed.values();
    return undefined;
  }

  *ofServer(server: string): Generator<Claim, undefined> {
    yield* this.#unchanged(this.#base?.ofServer(server) ?? []);
    for (const claim of this.#changed.values()) if (claim.server === server) yield claim;
    return undefined;
  }

  /** All of them. */
  table(): ClaimTable {
    return (this.#base ?? ClaimTable.empty()).with(this.#changed);
  }

  *#unchanged(claims: Iterable<Claim>): Generator<Claim, undefined> {
    for (const claim of claims) if (!this.#changed.has(claimKey(claim))) yield claim;
    return undefined;
  }
}
