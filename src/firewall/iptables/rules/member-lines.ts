/**
 * The members of a set as `ipset list NAME` prints them, a line each: `ADDRESS timeout SECONDS`, with `packets N bytes
 * N` behind it where they are counted, and more in a set that somebody else made. Read in place, without a copy of any
 * line: there may be a hundred thousand.
 */
import { parseIpv4 } from '../../../domain/ipv4.ts';

/** Stands ahead of the first line until `next` is called. */
export class MemberLines {
  /** Seconds until the kernel drops it by itself; 0 is never. */
  left = 0;
  /** It says no more than an address, its time and what it counts, as all do in a set that we made. */
  isPlain = false;
  /** What it counts; 0 where nobody counts. */
  packets = 0;
  bytes = 0;
  readonly #lines: string;
  #start = 0;
  /** Behind the address. */
  #gap = 0;
  #end = -1;

  constructor(lines: string) {
    this.#lines = lines;
  }

  /** Goes on to the next member; false behind the last. */
  next(): boolean {
    const lines = this.#lines;
    do {
      this.#start = this.#end + 1;
      if (this.#start >= lines.length) return false;
      const end = lines.indexOf('\n', this.#start);
      this.#end = end < 0 ? lines.length : end;
    } while (this.#end === this.#start);
    const gap = lines.indexOf(' ', this.#start);
    this.#gap = gap < 0 || gap > this.#end ? this.#end : gap;
    this.isPlain = this.#readPlain();
    if (!this.isPlain) this.#readOther();
    return true;
  }

  /** Address or network as printed: some IPv6 addresses otherwise than RFC 5952 does, `::1.2.3.4`. */
  get text(): string {
    return this.#lines.slice(this.#start, this.#gap);
  }

  /** Its 32 bits, where it is one IPv4 address. */
  get ipv4(): number | undefined {
    return parseIpv4(this.#lines, this.#start, this.#gap);
  }

  /** False where it says anything else, or in another order. */
  #readPlain(): boolean {
    const lines = this.#lines;
    const end = this.#end;
    if (!lines.startsWith(TIMEOUT, this.#gap)) return false;
    const behindLeft = endOfWord(lines, this.#gap + TIMEOUT.length, end);
    this.left = readNumber(lines, this.#gap + TIMEOUT.length, behindLeft);
    this.packets = 0;
    this.bytes = 0;
    if (behindLeft === end) return !Number.isNaN(this.left);
    // Nearly every one.
    if (end - behindLeft === NOTHING.length && lines.startsWith(NOTHING, behindLeft))
      return !Number.isNaN(this.left);
    if (!lines.startsWith(PACKETS, behindLeft)) return false;
    const behindPackets = endOfWord(lines, behindLeft + PACKETS.length, end);
    if (!lines.startsWith(BYTES, behindPackets)) return false;
    this.packets = readNumber(lines, behindLeft + PACKETS.length, behindPackets);
    this.bytes = readNumber(lines, behindPackets + BYTES.length, end);
    return !Number.isNaN(this.left + this.packets + this.bytes);
  }

  #readOther(): void {
    const rest = this.#lines.slice(this.#gap, this.#end);
    const numberBehind = (word: RegExp): number => Number(word.exec(rest)?.[1] ?? 0);
    this.left = numberBehind(/ timeout (\d+)(?: |$)/);
    this.packets = numberBehind(/ packets (\d+)(?: |$)/);
    this.bytes = numberBehind(/ bytes (\d+)(?: |$)/);
  }
}

const TIMEOUT = ' timeout ';
const PACKETS = ' packets ';
const BYTES = ' bytes ';
const NOTHING = ' packets 0 bytes 0';

/** Where the word that begins at `start` ends, within the line. */
function endOfWord(text: string, start: number, end: number): number {
  const gap = text.indexOf(' ', start);
  return gap < 0 || gap > end ? end : gap;
}

/** NaN where anything but digits stands there. */
function readNumber(text: string, start: number, end: number): number {
  let number = start < end ? 0 : NaN;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : NaN;
  }
  return number;
}
