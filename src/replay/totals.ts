/** Adds up addresses and how long they were banned under two policies: of all, by jail, server and rule. Pure. */
import { SIDES, type Entry } from './ban-times.ts';
import type { Compared, RuleSums, Sums } from './replayed.ts';
import { ruleKey, ruleOf, type Rule } from './rule.ts';
import { lengthOf, union } from './spans.ts';
import type { Label } from './verdicts.ts';

export class Totals {
  readonly #total = noSums();
  readonly #jails = new Map<string, Sums>();
  readonly #servers = new Map<string, Sums>();
  readonly #rules = new Map<string, RuleSums>();
  /** By label: all that count it. */
  readonly #counted = new Map<Label, readonly Sums[]>();

  /** All that is about one address. */
  add(entries: readonly Entry[]): void {
    for (const side of SIDES) {
      const spans = new Map<Sums, number[]>();
      for (const { label, from, to, ...sides } of entries) {
        if (!sides[side]) continue;
        for (const sums of this.#sumsOf(label)) {
          const known = spans.get(sums);
          if (known === undefined) spans.set(sums, [from, to]);
          else known.push(from, to);
        }
      }
      for (const [sums, times] of spans) {
        sums[side].addresses += 1;
        sums[side].time += lengthOf(union(times));
      }
    }
  }

  sums(): Pick<Compared, 'total' | 'jails' | 'servers' | 'rules'> {
    const rules = Array.from(this.#rules.values());
    return { total: this.#total, jails: this.#jails, servers: this.#servers, rules };
  }

  #sumsOf(label: Label): readonly Sums[] {
    let counted = this.#counted.get(label);
    if (counted === undefined) {
      counted = this.#countsFor(label);
      this.#counted.set(label, counted);
    }
    return counted;
  }

  #countsFor(label: Label): readonly Sums[] {
    const rule = ruleOf(label);
    const byRule = rule === undefined ? [] : [this.#ofRule(rule)];
    if (label.why !== undefined) return byRule;
    return [this.#total, sumsIn(this.#jails, label.jail), sumsIn(this.#servers, label.server), ...byRule];
  }

  #ofRule(rule: Rule): Sums {
    const key = ruleKey(rule);
    const known = this.#rules.get(key);
    if (known !== undefined) return known;
    const sums = { rule, ...noSums() };
    this.#rules.set(key, sums);
    return sums;
  }
}

function noSums(): Sums {
  return { before: { addresses: 0, time: 0 }, after: { addresses: 0, time: 0 } };
}

function sumsIn(map: Map<string, Sums>, name: string): Sums {
  const known = map.get(name);
  if (known !== undefined) return known;
  const sums = noSums();
  map.set(name, sums);
  return sums;
}
