/**
 * The members of a set as `ipset list NAME` prints them, a line each: `ADDRESS timeout SECONDS`, and more in a set that
 * somebody else made. Read in place, without a copy of any line: there may be a hundred thousand.
 */
import { parseIpv4 } from '../../../domain/ipv4.ts';
import { parseNet, type Net } from '../../../domain/net.ts';

/** Stands ahead of the first line until `next` is called. */
export class MemberLines {
  /** Seconds until the kernel drops it by itself; 0 is never. */
  left = 0;
  /** It says no more than an address and its time, as all do in a set that we made. */
  isPlain = false;
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
    const left = lines.startsWith(TIMEOUT, this.#gap)
      ? readNumber(lines, this.#gap + TIMEOUT.length, this.#end)
      : NaN;
    this.isPlain = !Number.isNaN(left);
    this.left = this.isPlain ? left : this.#findTimeout();
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

  #findTimeout(): number {
    return Number(/ timeout (\d+)(?: |$)/.exec(this.#lines.slice(this.#gap, this.#end))?.[1] ?? 0);
  }
}

export interface ListedMember {
  readonly ip: Net;
  /** Seconds; 0 is without an end. */
  readonly left: number;
}

/** Each member that is an address or a network. */
export function listedMembers(lines: string): readonly ListedMember[] {
  const members: ListedMember[] = [];
  for (const line = new MemberLines(lines); line.next();) {
    const ip = parseNet(line.text);
    if (ip !== undefined) members.push({ ip, left: line.left });
  }
  return members;
}

const TIMEOUT = ' timeout ';

/** NaN where anything but digits stands there. */
function readNumber(text: string, start: number, end: number): number {
  let number = start < end ? 0 : NaN;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : NaN;
  }
  return number;
}
