/**
 * Reads lines of files of claims, whoever wrote them, and bounds what strange ones may cost. What people wrote is one
 * mapping a line, mostly; what is not, only the whole file tells. In: lines; out: claims, and how many lines are odd.
 */
import { claimKey, type Claim } from '../../claims/claim.ts';
import { decodeClaims } from '../../ledger/store/codec.ts';
import { OwnLineReader } from '../../ledger/store/own-line.ts';

interface ReadLines {
  readonly claims: readonly Claim[];
  /** Lines that are no claim by themselves. */
  readonly odd: number;
}

/** A longer line is nobody's claim. */
const LONGEST_LINE = 20_000;

/** The yaml package takes a third of a millisecond for a line. */
const MOST_BY_YAML = 10_000;

/** It may take minutes for a large text. */
const LONGEST_TEXT = 65_536;

/** Of a line that is removed no more is needed. */
const KEY = /^- \{ "ip": "([^"\\]+)", "server": "([^"\\]+)", "jail": "([^"\\]+)"/;

export class ClaimLines {
  readonly #own = new OwnLineReader();
  #byYaml = 0;

  /** Each line by itself. */
  read(lines: Iterable<string>): ReadLines {
    const claims: Claim[] = [];
    let odd = 0;
    for (const line of lines) {
      if (/^(?:#.*|\[\]|\.\.\.|---|\s*)$/.test(line)) continue;
      const claim = this.#claimOf(line);
      if (claim === undefined) odd += 1;
      else claims.push(claim);
    }
    return { claims, odd };
  }

  /** A whole file, which says more than its lines do. */
  readText(text: string): ReadLines & { readonly isByLine: boolean } {
    const byLine = this.read(text.split('\n'));
    const isByLine = byLine.odd === 0;
    if (isByLine || text.length > LONGEST_TEXT || (this.#byYaml += 100) > MOST_BY_YAML)
      return { ...byLine, isByLine };
    const whole = decodeClaims(text);
    return whole.kind === 'decoded' ? { claims: whole.items, odd: 0, isByLine } : { ...byLine, isByLine };
  }

  /** What such a line is about, as claimKey has it; undefined for an odd one. */
  keyOf(line: string): string | undefined {
    const [, ip, server, jail] = KEY.exec(line) ?? [];
    if (ip !== undefined && server !== undefined && jail !== undefined) return [ip, server, jail].join(' ');
    const claim = this.#claimOf(line);
    return claim === undefined ? undefined : claimKey(claim);
  }

  #claimOf(line: string): Claim | undefined {
    const own = this.#own.read(line);
    if (own !== undefined) return own;
    if (!line.startsWith('- ') || line.length > LONGEST_LINE) return undefined;
    if (!line.startsWith('- { "') && (this.#byYaml += 1) > MOST_BY_YAML) return undefined;
    const decoded = decodeClaims(line);
    return decoded.kind === 'decoded' ? decoded.items[0] : undefined;
  }
}
