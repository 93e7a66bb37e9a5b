/**
 * Reads what `ipset list NAME` prints while it prints it, so that a hundred thousand members are read when the last of
 * them is listed. The slow way is {@link MemberLines} over the whole text, and both give the same.
 */
import { HostsDraft } from './hosts-draft.ts';
import type { ListedMembers } from './listed-members.ts';

export class ListingReader {
  /** Of a line that is not there to its end. */
  #rest: Buffer = NOTHING;
  #isBehindHead = false;
  #hosts = new HostsDraft();
  readonly #others: string[] = [];

  /** Takes what was printed since. */
  add(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const start = this.#isBehindHead ? 0 : this.#placeBehindHead(bytes);
    const end = this.#isBehindHead ? bytes.lastIndexOf(LINE_FEED) + 1 : 0;
    if (end > start) this.#readLines(bytes, start, end);
    this.#rest = bytes.subarray(Math.max(start, end));
  }

  /** All that was printed; to be called once. */
  members(): ListedMembers {
    // As a program's output is given elsewhere, its last line may have no end.
    if (this.#isBehindHead && this.#rest.length > 0) this.add(Buffer.from('\n'));
    return { hosts: this.#hosts.columns(), others: this.#others.join('') };
  }

  #placeBehindHead(bytes: Buffer): number {
    const at = bytes.indexOf(MEMBERS);
    if (at < 0) return 0;
    this.#isBehindHead = true;
    const size = Number(SIZE.exec(bytes.toString('latin1', 0, at))?.[1] ?? 0);
    if (size > 0 && size <= MOST_ROOM) this.#hosts = new HostsDraft(size);
    return at + MEMBERS.length;
  }

  #readLines(bytes: Buffer, start: number, end: number): void {
    // Lines that follow each other are one text.
    let [at, other] = [start, start];
    while (at < end) {
      const behind = this.#hosts.read(bytes, at);
      if (behind === 0) at = bytes.indexOf(LINE_FEED, at) + 1;
      else {
        this.#keep(bytes, other, at);
        [at, other] = [behind, behind];
      }
    }
    this.#keep(bytes, other, end);
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    if (start < end) this.#others.push(bytes.toString('utf8', start, end));
  }
}

/** Of a text that is there as a whole, without a head. */
export function membersIn(lines: string): ListedMembers {
  const reader = new ListingReader();
  reader.add(Buffer.from(`${MEMBERS}${lines}`));
  return reader.members();
}

const MEMBERS = '\nMembers:\n';
const SIZE = /^Number of entries: (\d+)$/m;

/** Of a longer set what is listed makes the room. */
const MOST_ROOM = 2 ** 22;

const NOTHING = Buffer.alloc(0);
const LINE_FEED = 10;
