/**
 * The line of an ordinary claim, read and written fast: a hundred thousand stand in the state, and all are read at a
 * start. What is not exactly such a line is read by the schema or by the yaml package, which also say what is wrong.
 */
import { CLAIMANT_NAME, EVERY_JAIL, JAIL_NAME } from '../../domain/names.ts';
import { parseNet } from '../../domain/net.ts';
import { isoTime, readUtc } from '../../yaml/time.ts';
import type { Claim, Details } from '../../claims/claim.ts';
import { isPortsText, isProtocolsText } from '../../claims/scope-text.ts';

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

/** What {@link formatOwnLine} writes. */
const OWN_LINE = new RegExp(
  [
    String.raw`^- \{ "ip": "(?<address>[0-9a-f.:/]+)", "server": "(?<server>[^"\\]+)", "jail": "(?<jail>[^"\\]+)"`,
    `, "since": "(?<since>${TIME})", "until": (?:null|"(?<until>${TIME})")(?:, "heard": "(?<heard>${TIME})")?`,
    `(?:, "ports": "(?<ports>[a-z0-9:,]+)")?(?:, "protocol": "(?<protocol>[a-z0-9:,]+)")?`,
    String.raw`(?:, "failures": (?<failures>0|[1-9]\d{0,14}))? \}$`,
  ].join(''),
);

/** Reads lines; keeps each name once, however many claims bear it. */
export class OwnLineReader {
  readonly #servers = new Names((text) => CLAIMANT_NAME.test(text));
  readonly #jails = new Names((text) => text === EVERY_JAIL || JAIL_NAME.test(text));
  readonly #ports = new Names(isPortsText);
  readonly #protocols = new Names(isProtocolsText);

  /** The claim of such a line; undefined for any other line, such as a tombstone's or a person's. */
  read(line: string): Claim | undefined {
    const found = OWN_LINE.exec(line)?.groups;
    if (found === undefined) return undefined;
    const ip = parseNet(copyOf(found['address'] ?? ''));
    const server = this.#servers.take(found['server']);
    const jail = this.#jails.take(found['jail']);
    const since = readUtc(found['since'] ?? '');
    const until = found['until'] === undefined ? Infinity : readUtc(found['until']);
    const heard = found['heard'] === undefined ? since : readUtc(found['heard']);
    if (ip === undefined || server === undefined || jail === undefined) return undefined;
    if (since === undefined || until === undefined || heard === undefined) return undefined;
    const [ports, protocols] = [this.#ports.take(found['ports']), this.#protocols.take(found['protocol'])];
    if (ports === undefined && found['ports'] !== undefined) return undefined;
    if (protocols === undefined && found['protocol'] !== undefined) return undefined;
    const details = detailsOf({ said: heard, ports, protocols, failures: found['failures'] });
    return { ip, server, jail, bans: [{ heard, since, until }], ...(details !== undefined && { details }) };
  }
}

function detailsOf({ said, ports, protocols, failures }: ReadDetails): Details | undefined {
  if (ports === undefined && protocols === undefined && failures === undefined) return undefined;
  return {
    said,
    ...(ports !== undefined && { ports }),
    ...(protocols !== undefined && { protocols }),
    ...(failures !== undefined && { failures: Number(failures) }),
  };
}

interface ReadDetails {
  readonly said: number;
  readonly ports: string | undefined;
  readonly protocols: string | undefined;
  readonly failures: string | undefined;
}

/**
 * The same text in a string of its own. What was cut out of a text refers to the whole of it, and a hundred thousand
 * addresses would keep all that was ever read in memory.
 */
function copyOf(text: string): string {
  if (text.length < SHORTEST_SLICE) return text;
  const copy = SCRATCH.toString('latin1', 0, SCRATCH.write(text, 'latin1'));
  return copy === text ? copy : text;
}

const SCRATCH = Buffer.alloc(256);

/** V8 copies shorter ones itself when it cuts them out (SlicedString::kMinLength). */
const SHORTEST_SLICE = 13;

/** Names that were found good once. */
class Names {
  readonly #known = new Map<string, string>();
  readonly #isGood: (text: string) => boolean;

  constructor(isGood: (text: string) => boolean) {
    this.#isGood = isGood;
  }

  /** The same text, always as the same string; undefined for a bad one. */
  take(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.#known.get(text);
    if (known !== undefined || !this.#isGood(text)) return known;
    const copy = copyOf(text);
    this.#known.set(copy, copy);
    return copy;
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
    const { said, ports, protocols, failures, reason, ifConfirmed } = details;
    const isSilent = ports === undefined && protocols === undefined && failures === undefined;
    if (said !== heard || reason !== undefined || ifConfirmed !== undefined || isSilent) return undefined;
    if (ports !== undefined) line += `, "ports": "${ports}"`;
    if (protocols !== undefined) line += `, "protocol": "${protocols}"`;
    if (failures !== undefined) line += `, "failures": ${failures}`;
  }
  return `${line} }`;
}
