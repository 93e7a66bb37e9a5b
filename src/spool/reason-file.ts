/** The text beside a refused file: when it was refused, what it was called, and why, a line each. */
import { cut, UNPRINTABLE } from '../domain/printable.ts';
import { refusalText, type Refusal } from '../domain/refusals.ts';
import { isoTime } from '../yaml/time.ts';

interface RefusedThing {
  readonly server: string;
  /** As the server has it: any but `/`. */
  readonly name: string;
  readonly refusal: Refusal;
}

/** As SPEC.md, section 3, has it. */
export function formatReason({ server, name, refusal }: RefusedThing, now: number): string {
  const file = `${server}/${name.replace(UNPRINTABLE, '?')}`;
  return `refused: ${isoTime(now)}\nfile: ${file}\ncode: ${refusal.code}\nreason: ${refusalText(refusal)}\n`;
}

interface ReasonTold {
  /** Milliseconds since 1970. */
  readonly at: number | undefined;
  readonly file: string | undefined;
  /** Undefined where an earlier version wrote it. */
  readonly code: string | undefined;
  readonly reason: string | undefined;
}

/** Reads one, also what a person left of it. */
export function parseReason(text: string): ReasonTold {
  const of = (key: string): string | undefined => {
    const line = new RegExp(`^${key}: (.*)$`, 'm').exec(text)?.[1];
    return line === undefined ? undefined : cut(line.replace(UNPRINTABLE, ' '), MOST);
  };
  const at = Date.parse(of('refused') ?? '');
  return { at: Number.isNaN(at) ? undefined : at, file: of('file'), code: of('code'), reason: of('reason') };
}

/** Characters of a line that are shown. */
const MOST = 1_000;
