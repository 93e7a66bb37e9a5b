/** Finds the nets around a net among many, each by a look for each length of a prefix that there is. Pure. */
import { networkBits, type Family, type Net } from '../domain/net.ts';

export class NetsAround<T> {
  readonly #byPrefix: Record<Family, Map<number, Map<number | bigint, T>>> = {
    ipv4: new Map(),
    ipv6: new Map(),
  };

  put({ family, prefix, bits }: Net, value: T): void {
    const known = this.#byPrefix[family].get(prefix);
    if (known === undefined) this.#byPrefix[family].set(prefix, new Map([[bits, value]]));
    else known.set(bits, value);
  }

  /** What was put for the nets around it; not what was put for itself. */
  of({ family, prefix, bits }: Net): readonly T[] {
    const found: T[] = [];
    for (const [length, nets] of this.#byPrefix[family]) {
      const value = length < prefix ? nets.get(networkBits(bits, length)) : undefined;
      if (value !== undefined) found.push(value);
    }
    return found;
  }
}
