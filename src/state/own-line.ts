/**
 * The line of an ordinary claim, read and written fast: a hundred thousand stand in the state, and all are read at a
 * start. What is not exactly such a line is read by the schema or by the yaml package, which also say what is wrong.
 */
import { EVERY_JAIL, JAIL_NAME, SERVER_NAME } from '../names/names.ts';
import { parseNet } from '../net/net.ts';
import { parseUtc } from '../yaml/time.ts';
import type { Ban, Claim, Details } from './claim.ts';

/** Ports or protocols with commas between. */
export const SCOPE_TEXT = /^[a-z0-9:,]+$/;

/** Reads lines; keeps each name once, however many claims bear it. */
export class OwnLineReader {
  readonly #servers = new Names((text) => SERVER_NAME.test(text));
  readonly #jails = new Names((text) => text === EVERY_JAIL || JAIL_NAME.test(text));
  readonly #scopes = new Names((text) => SCOPE_TEXT.test(text));

  /** The claim of such a line; undefined for any other line, such as a tombstone's or a person's. */
  read(line: string): Claim | undefined {
    if (!line.startsWith('- {')) return undefined;
    let fields: Fields;
    try {
      fields = JSON.parse(line.slice(2)) as Fields;
    } catch {
      return undefined;
    }
    const ip = typeof fields.ip === 'string' ? parseNet(fields.ip) : undefined;
    const server = this.#servers.take(fields.server);
    const jail = this.#jails.take(fields.jail);
    const ban = banOf(fields);
    const details = this.#detailsOf(fields);
    if (ip === undefined || server === undefined || jail === undefined) return undefined;
    if (ban === undefined || details === undefined) return undefined;
    const told = Object.keys(details).length;
    const count = KEYS_OF_ALL + Number(fields.heard !== undefined) + told;
    // Whoever has other keys is no ordinary claim.
    if (Object.keys(fields).length !== count) return undefined;
    return { ip, server, jail, bans: [ban], ...(told > 0 && { details: { said: ban.heard, ...details } }) };
  }

  #detailsOf({ ports, protocol, failures }: Fields): Omit<Details, 'said'> | undefined {
    const [own, protocols] = [this.#scopes.take(ports), this.#scopes.take(protocol)];
    const isPlain = [own === ports, protocols === protocol, failures === undefined || isWhole(failures)];
    if (isPlain.includes(false)) return undefined;
    return {
      ...(own !== undefined && { ports: own }),
      ...(protocols !== undefined && { protocols }),
      ...(isWhole(failures) && { failures }),
    };
  }
}

/** ip, server, jail, since, until. */
const KEYS_OF_ALL = 5;

interface Fields {
  readonly ip?: unknown;
  readonly server?: unknown;
  readonly jail?: unknown;
  readonly since?: unknown;
  readonly until?: unknown;
  readonly heard?: unknown;
  readonly ports?: unknown;
  readonly protocol?: unknown;
  readonly failures?: unknown;
}

function banOf({ since, until, heard }: Fields): Ban | undefined {
  const begin = utc(since);
  const end = until === null ? Infinity : utc(until);
  const said = heard === undefined ? begin : utc(heard);
  if (begin === undefined || end === undefined || said === undefined) return undefined;
  return { heard: said, since: begin, until: end };
}

function utc(text: unknown): number | undefined {
  return typeof text === 'string' ? parseUtc(text) : undefined;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Names that were found good once. */
class Names {
  readonly #known = new Map<string, string>();
  readonly #isGood: (text: string) => boolean;

  constructor(isGood: (text: string) => boolean) {
    this.#isGood = isGood;
  }

  /** The same text, always as the same string; undefined for a bad one. */
  take(text: unknown): string | undefined {
    if (typeof text !== 'string') return undefined;
    const known = this.#known.get(text);
    if (known !== undefined || !this.#isGood(text)) return known;
    this.#known.set(text, text);
    return text;
  }
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
    const { said, ports, protocols, failures, reason } = details;
    const isSilent = ports === undefined && protocols === undefined && failures === undefined;
    if (said !== heard || reason !== undefined || isSilent) return undefined;
    if (ports !== undefined) line += `, "ports": "${ports}"`;
    if (protocols !== undefined) line += `, "protocol": "${protocols}"`;
    if (failures !== undefined) line += `, "failures": ${failures}`;
  }
  return `${line} }`;
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
