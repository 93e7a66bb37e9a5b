/** Columns of listed hosts while they are filled, from lines as bytes: no text is made of any. */
import type { ListedHosts } from './listed-members.ts';

export class HostsDraft {
  #addresses: Int32Array;
  #left: Uint32Array;
  #packets: Float64Array | undefined;
  #bytes: Float64Array | undefined;
  #length = 0;
  /** Of the text that is read. */
  #at = 0;

  /** With room for so many; it makes more where more come. */
  constructor(room = FEW) {
    this.#addresses = new Int32Array(room);
    this.#left = new Uint32Array(room);
  }

  /**
   * Takes the line that begins there, `ADDRESS timeout SECONDS`, with ` packets N bytes N` behind it or not. Returns
   * the place behind it; 0 where it is another one, such as that of a network, and was not taken.
   */
  read(text: Buffer, start: number): number {
    this.#at = start;
    const address = this.#readAddress(text);
    if (Number.isNaN(address) || !this.#skip(text, TIMEOUT)) return 0;
    const left = this.#readNumber(text);
    if (!(left <= MOST_SECONDS)) return 0;
    let [packets, bytes] = [0, 0];
    if (text[this.#at] !== LINE_FEED) {
      packets = this.#skip(text, PACKETS) ? this.#readNumber(text) : NaN;
      bytes = this.#skip(text, BYTES) ? this.#readNumber(text) : NaN;
      if (Number.isNaN(packets + bytes) || text[this.#at] !== LINE_FEED) return 0;
    }
    this.#push(address, left);
    if (packets + bytes > 0) this.#count(packets, bytes);
    return this.#at + 1;
  }

  columns(): ListedHosts {
    const [length, packets, bytes] = [this.#length, this.#packets, this.#bytes];
    return {
      addresses: cut(this.#addresses, length),
      left: cut(this.#left, length),
      counts:
        packets === undefined || bytes === undefined
          ? undefined
          : { packets: cut(packets, length), bytes: cut(bytes, length) },
    };
  }

  /** Its 32 bits, as a signed number; NaN for all but four decimal numbers without leading zeros. */
  #readAddress(text: Buffer): number {
    let bits = 0;
    for (let octets = 1; ; octets += 1) {
      const start = this.#at;
      const octet = this.#readNumber(text);
      const isLong = text[start] === ZERO && this.#at > start + 1;
      if (!(octet <= 255) || isLong) return NaN;
      bits = (bits << 8) | octet;
      if (octets === OCTETS) return bits;
      if (text[this.#at] !== DOT) return NaN;
      this.#at += 1;
    }
  }

  /** NaN where no digit stands there. */
  #readNumber(text: Buffer): number {
    let at = this.#at;
    let number = 0;
    for (; ; at += 1) {
      const digit = (text[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (at === this.#at) return NaN;
    this.#at = at;
    return number;
  }

  /** False where something else stands there. */
  #skip(text: Buffer, literal: Buffer): boolean {
    for (let at = 0; at < literal.length; at += 1) if (text[this.#at + at] !== literal[at]) return false;
    this.#at += literal.length;
    return true;
  }

  #push(address: number, left: number): void {
    if (this.#length === this.#addresses.length) this.#grow();
    this.#addresses[this.#length] = address;
    this.#left[this.#length] = left;
    this.#length += 1;
  }

  #grow(): void {
    const room = this.#length * 2;
    const [addresses, left] = [this.#addresses, this.#left];
    this.#addresses = new Int32Array(room);
    this.#addresses.set(addresses);
    this.#left = new Uint32Array(room);
    this.#left.set(left);
    this.#packets &&= enlarged(this.#packets, room);
    this.#bytes &&= enlarged(this.#bytes, room);
  }

  /** Of the host that came last. */
  #count(packets: number, bytes: number): void {
    this.#packets ??= new Float64Array(this.#addresses.length);
    this.#bytes ??= new Float64Array(this.#addresses.length);
    this.#packets[this.#length - 1] = packets;
    this.#bytes[this.#length - 1] = bytes;
  }
}

/** The same one where all of it is in use. */
function cut<T extends Int32Array | Uint32Array | Float64Array>(column: T, length: number): T {
  return column.length === length ? column : (column.slice(0, length) as T);
}

function enlarged(column: Float64Array, room: number): Float64Array {
  const larger = new Float64Array(room);
  larger.set(column);
  return larger;
}

const FEW = 64;
const OCTETS = 4;
const [ZERO, DOT, LINE_FEED] = [48, 46, 10];

/** Of a column; ipset takes no longer timeout than 2,147,483. */
const MOST_SECONDS = 2 ** 32 - 1;

const TIMEOUT = Buffer.from(' timeout ');
const PACKETS = Buffer.from(' packets ');
const BYTES = Buffer.from(' bytes ');
