/** A snapshot too long for the YAML parser: its bans stand one a line in exactly one form. */

export type LongSnapshot =
  | {
      readonly kind: 'split';
      /** What stands around the list: small, and YAML. */
      readonly head: string;
      readonly bans: readonly Readonly<Record<'ip' | 'time' | 'bantime', string>>[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** Ample for the few keys of a snapshot; the YAML parser's time grows with the square of junk. */
const MAX_HEAD_BYTES = 2048;

/** Splits the list off; anything else that is long is refused. */
export function splitLongSnapshot(text: string): LongSnapshot {
  const start = /^bans:[ \t]*\r?\n/m.exec(text);
  if (start === null || start.index > MAX_HEAD_BYTES) {
    return refuse('longer than 8 KiB and not a snapshot with one ban a line');
  }
  const lines = text.slice(start.index + start[0].length).split('\n');
  const bans: Record<'ip' | 'time' | 'bantime', string>[] = [];
  for (const [index, line] of lines.entries()) {
    const match = BAN_LINE.exec(line);
    if (match === null) {
      const tail = lines.slice(index).join('\n');
      if (tail.trim() === '...') return { kind: 'split', head: `${text.slice(0, start.index)}${tail}`, bans };
      const number = text.slice(0, start.index).split('\n').length + index + 1;
      return refuse(`line ${number} is not "  - { ip: ADDRESS, time: SECONDS, bantime: SECONDS }"`);
    }
    const [, ip = '', time = '', bantime = ''] = match;
    bans.push({ ip, time, bantime });
  }
  return refuse('the end marker "..." is missing');
}

const BAN_LINE =
  /^ {2}- \{ ip: ([0-9A-Fa-f:./]{2,49}), time: ([0-9.]{1,24}), bantime: (-?[0-9.]{1,24}) \}\r?$/;

function refuse(reason: string): LongSnapshot {
  return { kind: 'refused', reason };
}
