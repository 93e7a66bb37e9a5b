/**
 * Judges what a list bans before it comes into a table: real lists hold 10.0.0.0/8, the reader's own address, or half
 * the internet. What lies inside of an allowed net is spared; an entry that merely holds an allowed net stays, since
 * the firewall lets that net by ahead of it. Of an entry that holds a private net the rest stays.
 */
import { FULL_PREFIX, type Net } from '../../domain/net.ts';
import { rangeText, type Range } from '../range.ts';
import { WIDEST } from '../table/net-table.ts';
import { SPECIAL_NETS } from './special-nets.ts';
import { Spans } from './spans.ts';

/** Why an entry is not enforced: it is of the firewall itself, private or special, allowed, or wider than WIDEST. */
type SparedReason = 'own' | 'private' | 'allowed' | 'tooWide';

export type Spared = Readonly<Record<SparedReason, SparedEntries>>;

interface SparedEntries {
  readonly count: number;
  /** The first few, as addresses, nets, or `FIRST-LAST`. */
  readonly examples: readonly string[];
}

interface NetJudgeOptions {
  readonly own: readonly Net[];
  readonly allowed: readonly Net[];
  /** Called with what is to be enforced. */
  readonly takeRange: (range: Range) => void;
}

export class NetJudge {
  readonly #own: Spans;
  readonly #allowed: Spans;
  readonly #special = new Spans(SPECIAL_NETS);
  readonly #takeRange: (range: Range) => void;
  readonly #spared = new Map<SparedReason, { count: number; readonly examples: string[] }>();

  constructor({ own, allowed, takeRange }: NetJudgeOptions) {
    this.#own = new Spans(own);
    this.#allowed = new Spans(allowed);
    this.#takeRange = takeRange;
  }

  judge(range: Range): void {
    const reason = this.#sparedFor(range);
    if (reason !== undefined) {
      this.#spare(reason, range);
      return;
    }
    const rest = this.#special.rest(range);
    if (rest === undefined) this.#takeRange(range);
    else rest.forEach(this.#takeRange);
  }

  get spared(): Spared {
    const of = (reason: SparedReason): SparedEntries =>
      this.#spared.get(reason) ?? { count: 0, examples: [] };
    return { own: of('own'), private: of('private'), allowed: of('allowed'), tooWide: of('tooWide') };
  }

  #sparedFor(range: Range): SparedReason | undefined {
    if (this.#own.hold(range)) return 'own';
    if (this.#special.hold(range)) return 'private';
    if (this.#allowed.hold(range)) return 'allowed';
    return isTooWide(range) ? 'tooWide' : undefined;
  }

  #spare(reason: SparedReason, range: Range): void {
    const spared = this.#spared.get(reason) ?? { count: 0, examples: [] };
    this.#spared.set(reason, spared);
    spared.count += 1;
    if (spared.examples.length < MOST_EXAMPLES) spared.examples.push(rangeText(range));
  }
}

function isTooWide(range: Range): boolean {
  return range.family === 'ipv4'
    ? range.last - range.first >= WIDEST_SIZE4
    : range.last - range.first >= WIDEST_SIZE6;
}

const WIDEST_SIZE4 = 2 ** (FULL_PREFIX.ipv4 - WIDEST.ipv4);
const WIDEST_SIZE6 = 2n ** BigInt(FULL_PREFIX.ipv6 - WIDEST.ipv6);

const MOST_EXAMPLES = 3;
