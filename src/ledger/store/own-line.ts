/**
 * The line of an ordinary claim, read and written fast: a hundred thousand stand in the state, and all are read at a
 * start. What is not exactly such a line is read by the schema or by the yaml package, which also say what is wrong.
 */
import { CLAIMANT_NAME, EVERY_JAIL, JAIL_NAME } from '../../domain/names.ts';
import { readIpv4 } from '../../domain/ipv4.ts';
import { parseNet } from '../../domain/net.ts';
import { isoTime } from '../../yaml/time.ts';
import type { Claim } from '../../claims/claim.ts';
import type { Saying } from '../../claims/table/saying.ts';
import { LineBytes } from './line-bytes.ts';
import { isPortsText, isProtocolsText } from '../../claims/scope-text.ts';

/** What stands between the values of such a line; {@link formatOwnLine} writes the same. */
const [IP, SERVER, JAIL, SINCE, UNTIL, NEVER, HEARD, PORTS, PROTOCOLS, FAILURES, END] = [
  ...['- { "ip": "', ', "server": "', ', "jail": "', ', "since": "', ', "until": "', ', "until": null'],
  ...[', "heard": "', ', "ports": "', ', "protocol": "', ', "failures": ', ' }'],
].map((text) => Buffer.from(text)) as Literals;

type Literals = [...Five, ...Five, Buffer];
type Five = [Buffer, Buffer, Buffer, Buffer, Buffer];

/** Reads lines; keeps each name once, however many claims bear it. */
export class OwnLineReader {
  /** Of the line that was read last. */
  since = 0;
  until = 0;
  heard = 0;
  saying: Saying = { server: '', jail: '' };
  #netStart = 0;
  #netEnd = 0;
  readonly #servers = new Names((text) => CLAIMANT_NAME.test(text));
  readonly #jails = new Names((text) => text === EVERY_JAIL || JAIL_NAME.test(text));
  readonly #ports = new Names(isPortsText);
  readonly #protocols = new Names(isProtocolsText);
  /** By server: what it said last, which it mostly says again. */
  readonly #sayings = new Map<string, Saying>();

  /** The claim of such a line; undefined for any other line, such as a tombstone's or a person's. */
  read(text: string): Claim | undefined {
    const bytes = Buffer.from(text);
    return this.readAt(bytes, 0, bytes.length);
  }

  /** The same of the line that stands between two places, without its end. */
  readAt(bytes: Buffer, start: number, end: number): Claim | undefined {
    if (!this.#read(new LineBytes(bytes, start, end))) return undefined;
    const ip = parseNet(bytes.toString('latin1', this.#netStart, this.#netEnd));
    if (ip === undefined) return undefined;
    const { heard, since, until } = this;
    const { server, jail, details } = this.saying;
    const claim = { ip, server, jail, bans: [{ heard, since, until }] };
    return details === undefined ? claim : { ...claim, details: { said: heard, ...details } };
  }

  /** Its 32 bits, where the claim of such a line is of one IPv4 address; the rest of it then is in this reader. */
  readRow(bytes: Buffer, start: number, end: number): number | undefined {
    if (!this.#read(new LineBytes(bytes, start, end))) return undefined;
    return readIpv4(bytes, this.#netStart, this.#netEnd);
  }

  /** All but the address itself. */
  #read(line: LineBytes): boolean {
    if (!line.skip(IP)) return false;
    this.#netStart = line.at;
    this.#netEnd = line.toQuote();
    const server = line.skip(SERVER) ? this.#servers.take(line) : undefined;
    const jail = line.skip(JAIL) ? this.#jails.take(line) : undefined;
    if (server === undefined || jail === undefined) return false;
    this.since = line.skip(SINCE) ? line.time() : NaN;
    this.until = line.skip(UNTIL) ? line.time() : line.skip(NEVER) ? Infinity : NaN;
    this.heard = line.skip(HEARD) ? line.time() : this.since;
    if (Number.isNaN(this.since + this.until + this.heard)) return false;
    const ports = line.skip(PORTS) ? this.#ports.take(line) : undefined;
    const protocols = line.skip(PROTOCOLS) ? this.#protocols.take(line) : undefined;
    const failures = line.skip(FAILURES) ? line.number() : undefined;
    if (!line.skip(END) || !line.isOver) return false;
    this.#say({ server, jail }, { ports, protocols, failures });
    return true;
  }

  #say({ server, jail }: Saying, { ports, protocols, failures }: ReadDetails): void {
    const known = this.#sayings.get(server);
    const isKnown =
      known?.jail === jail &&
      known.details?.ports === ports &&
      known.details?.protocols === protocols &&
      known.details?.failures === failures;
    if (isKnown) {
      this.saying = known;
      return;
    }
    const isSilent = ports === undefined && protocols === undefined && failures === undefined;
    const details = {
      ...(ports !== undefined && { ports }),
      ...(protocols !== undefined && { protocols }),
      ...(failures !== undefined && { failures }),
    };
    this.saying = isSilent ? { server, jail } : { server, jail, details };
    this.#sayings.set(server, this.saying);
  }
}

interface ReadDetails {
  readonly ports: string | undefined;
  readonly protocols: string | undefined;
  readonly failures: number | undefined;
}

/** Names that were found good once. */
class Names {
  readonly #known = new Map<string, Name>();
  readonly #isGood: (text: string) => boolean;
  /** The one that was asked for last is mostly asked for next. */
  #last: Name | undefined;

  constructor(isGood: (text: string) => boolean) {
    this.#isGood = isGood;
  }

  /** The name up to the next quote, always as the same string; a bad one spoils the line. */
  take(line: LineBytes): string | undefined {
    if (this.#last !== undefined && line.skip(this.#last.bytes)) return this.#last.text;
    const start = line.at;
    const text = line.bytes.toString('latin1', start, line.toQuote());
    this.#last = this.#known.get(text) ?? this.#learn(text);
    if (this.#last === undefined) line.spoil();
    return this.#last?.text;
  }

  #learn(text: string): Name | undefined {
    if (!this.#isGood(text)) return undefined;
    const name = { text, bytes: Buffer.from(`${text}"`) };
    this.#known.set(text, name);
    return name;
  }
}

interface Name {
  readonly text: string;
  /** With the quote behind it. */
  readonly bytes: Buffer;
}

/** The line of an ordinary claim, without its end; undefined for a claim that has more to say. */
export function formatOwnLine({ ip, server, jail, bans, details, unbanned }: Claim): string | undefined {
  const [ban] = bans;
  if (bans.length !== 1 || ban === undefined || unbanned !== undefined) return undefined;
  const { heard, since, until } = ban;
  const end = until === Infinity ? 'null' : `"${isoTime(until)}"`;
  let line = `- { "ip": "${ip.text}", "server": "${server}", "jail": "${jail}", "since": "${isoTime(since)}", "until": ${end}`;
  if (heard !== since) line += `, "heard": "${isoTime(heard)}"`;
  if (details !== undefined) {
    const { said, ports, protocols, failures, reason, ifConfirmed } = details;
    const isSilent = ports === undefined && protocols === undefined && failures === undefined;
    if (said !== heard || reason !== undefined || ifConfirmed !== undefined || isSilent) return undefined;
    if (ports !== undefined) line += `, "ports": "${ports}"`;
    if (protocols !== undefined) line += `, "protocol": "${protocols}"`;
    if (failures !== undefined) line += `, "failures": ${failures}`;
  }
  return `${line} }`;
}
