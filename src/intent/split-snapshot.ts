/** A snapshot whose bans stand one a line in exactly one form, as they must in one too long for the YAML parser. */
import type { Refusal } from '../domain/refusals.ts';

type SplitSnapshot =
  | {
      readonly kind: 'split';
      /** What stands around the list: small, and YAML. */
      readonly head: string;
      readonly bans: readonly Readonly<Record<'ip' | 'time' | 'bantime', string>>[];
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Ample for the few keys of a snapshot; the YAML parser's time grows with the square of junk. */
const MAX_HEAD_BYTES = 2048;

/** Splits the list off; anything else is refused. */
export function splitSnapshot(text: string): SplitSnapshot {
  const start = /^bans:[ \t]*\r?\n/m.exec(text);
  if (start === null || start.index > MAX_HEAD_BYTES) {
    return refuse({ code: 'too-long' });
  }
  const bans: Record<'ip' | 'time' | 'bantime', string>[] = [];
  const line = new RegExp(BAN_LINE, 'y');
  let at = start.index + start[0].length;
  for (;;) {
    line.lastIndex = at;
    const match = line.exec(text);
    if (match === null) break;
    const [whole, ip = '', time = '', bantime = ''] = match;
    bans.push({ ip, time, bantime });
    at += whole.length;
  }
  const tail = text.slice(at, at + LONGEST_END);
  if (bans.length > 0 && END.test(tail))
    return { kind: 'split', head: text.slice(0, start.index) + tail, bans };
  const number = text.slice(0, start.index).split('\n').length + bans.length + 1;
  return refuse({ code: 'no-ban', line: number });
}

const BAN_LINE =
  / {2}- \{ ip: ([0-9A-Fa-f:./]{2,49}), time: ([0-9.]{1,24}), bantime: (-?[0-9.]{1,24}) \}\r?\n/;

const END = /^\.\.\.(\r?\n)?$/;
/** One more than END takes. */
const LONGEST_END = 6;

function refuse(refusal: Refusal): SplitSnapshot {
  return { kind: 'refused', refusal };
}
