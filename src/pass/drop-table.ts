/** What is dropped, to be looked up by ban: for those who show many bans and hold no counters themselves. */
import type { Family } from '../domain/net.ts';
import { eachDrops, type Drops, type Looked } from '../firewall/drops.ts';

interface Place {
  readonly family: Family;
  readonly chain: string;
  /** Address or network, in its canonical text. */
  readonly ip: string;
}

export class DropTable {
  readonly #drops = new Map<string, Drops>();
  /** Chains of which no net is counted by itself. */
  readonly #uncounted = new Set<string>();
  readonly #families = new Set<Family>();

  constructor(families: readonly Looked[]) {
    for (const { dataplane, ruleset, observed } of families) {
      this.#families.add(ruleset.family);
      for (const chain of dataplane.uncounted(ruleset, observed))
        this.#uncounted.add(`${ruleset.family} ${chain}`);
    }
    for (const { family, chain, ip, packets, bytes } of eachDrops(families))
      this.#drops.set(`${family} ${chain} ${ip}`, { packets, bytes });
  }

  /** Of one ban; undefined where nobody counts it, or its firewall was not read. */
  of({ family, chain, ip }: Place): Drops | undefined {
    if (!this.#families.has(family) || this.#uncounted.has(`${family} ${chain}`)) return undefined;
    return this.#drops.get(`${family} ${chain} ${ip}`) ?? NOTHING;
  }
}

const NOTHING: Drops = { packets: 0, bytes: 0 };
