/** What an item of a state file may hold, whoever wrote it. */
import * as v from 'valibot';
import { parseNet, type Net } from '../../domain/net.ts';
import { CLAIMANT_NAME, EVERY_JAIL, isLiftOfServer, JAIL_NAME, SERVER_NAME } from '../../domain/names.ts';
import { expected } from '../../yaml/expected.ts';
import { parseTime } from '../../yaml/time.ts';
import type { Claim, Jail } from '../../claims/claim.ts';
import type { Trail } from '../../claims/seen/trail.ts';
import type { HeardPeer } from '../../claims/state.ts';
import { isPortsText, isProtocolsText } from '../../claims/scope-text.ts';

export interface NamedJail {
  readonly name: string;
  readonly jail: Jail;
}

export interface NamedPeer {
  readonly name: string;
  readonly peer: HeardPeer;
}

const EXPECTED_TIME = 'expected a time such as 2026-11-22T13:30:00Z';

const time = v.pipe(
  v.string(EXPECTED_TIME),
  v.rawTransform(({ dataset, addIssue, NEVER }): number => {
    const parsed = parseTime(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: EXPECTED_TIME });
    return NEVER;
  }),
);

const end = v.union(
  [
    time,
    v.pipe(
      v.null(),
      v.transform(() => Infinity),
    ),
  ],
  'expected a time, or null for never',
);

const net = v.pipe(
  v.string('expected an address or CIDR'),
  v.rawTransform(({ dataset, addIssue, NEVER }): Net => {
    const parsed = parseNet(dataset.value);
    if (parsed !== undefined) return parsed;
    addIssue({ message: `"${dataset.value}" is not an address or CIDR` });
    return NEVER;
  }),
);

const EXPECTED_PORTS = expected('a list of port numbers and ranges such as "22,8000:8010", or "all"');
const EXPECTED_PROTOCOLS = expected('a list of tcp, udp, sctp, dccp and icmp such as "tcp,udp", or "all"');

const portsText = v.pipe(v.string(EXPECTED_PORTS), v.check(isPortsText, EXPECTED_PORTS));
const protocolsText = v.pipe(v.string(EXPECTED_PROTOCOLS), v.check(isProtocolsText, EXPECTED_PROTOCOLS));

const banEntries = { since: time, until: end, heard: v.optional(time) };

/** A claim, one item of a file of claims. */
export const claimSchema = v.pipe(
  v.strictObject({
    ip: net,
    server: v.pipe(v.string(), v.regex(CLAIMANT_NAME, 'expected the name of a server')),
    jail: v.union(
      [
        v.literal(EVERY_JAIL),
        v.pipe(v.string(), v.regex(JAIL_NAME)),
        v.pipe(v.string(), v.check(isLiftOfServer)),
      ],
      'expected the name of a jail',
    ),
    since: v.optional(time),
    until: v.optional(end),
    heard: v.optional(time),
    ports: v.optional(portsText),
    protocol: v.optional(protocolsText),
    failures: v.optional(v.pipe(v.number(), v.integer())),
    reason: v.optional(v.string()),
    ifConfirmed: v.optional(end),
    said: v.optional(time),
    earlier: v.optional(v.array(v.strictObject(banEntries))),
    unbanned: v.optional(time),
    forget: v.optional(end),
  }),
  v.check(
    ({ since, until, unbanned }) => (since === undefined ? unbanned !== undefined : until !== undefined),
    'expected since and until, or unbanned',
  ),
  v.check(
    ({ jail, since }) => since === undefined || !isLiftOfServer(jail),
    'a jail with an @ remembers an unban, and cannot have since',
  ),
  v.transform(makeClaim),
);

interface ReadClaim {
  ip: Net;
  server: string;
  jail: string;
  since?: number | undefined;
  until?: number | undefined;
  heard?: number | undefined;
  ports?: string | undefined;
  protocol?: string | undefined;
  failures?: number | undefined;
  reason?: string | undefined;
  ifConfirmed?: number | undefined;
  said?: number | undefined;
  earlier?: { since: number; until: number; heard?: number | undefined }[] | undefined;
  unbanned?: number | undefined;
  forget?: number | undefined;
}

function makeClaim(read: ReadClaim): Claim {
  const { ip, server, jail, since, until = Infinity, heard, ports, protocol, failures, reason } = read;
  const bans = since === undefined ? [] : [{ since, until, heard }, ...(read.earlier ?? [])];
  const said = read.said ?? heard ?? since;
  const details = {
    ...(ports !== undefined && { ports }),
    ...(protocol !== undefined && { protocols: protocol }),
    ...(failures !== undefined && { failures }),
    ...(reason !== undefined && { reason }),
    ...(read.ifConfirmed !== undefined && { ifConfirmed: read.ifConfirmed }),
  };
  const hasDetails = said !== undefined && (read.said !== undefined || Object.keys(details).length > 0);
  return {
    ip,
    server,
    jail,
    bans: bans.map((ban) => ({ heard: ban.heard ?? ban.since, since: ban.since, until: ban.until })),
    ...(hasDetails && { details: { said, ...details } }),
    ...(read.unbanned !== undefined && { unbanned: read.unbanned, forget: read.forget ?? Infinity }),
  };
}

/** A jail: one item of a file of jails. */
export const jailSchema = v.pipe(
  v.strictObject({
    jail: v.pipe(v.string(), v.regex(JAIL_NAME, 'expected the name of a jail')),
    ports: v.optional(portsText),
    protocol: v.optional(protocolsText),
    said: v.optional(time),
    snapshot: v.optional(time),
    flushes: v.optional(v.array(v.tuple([time, time])), []),
    stops: v.optional(v.array(time), []),
  }),
  v.transform(
    ({ jail: name, ports = 'all', protocol = 'tcp', said, snapshot, flushes, stops }): NamedJail => {
      const scope = said === undefined ? undefined : { said, ports, protocols: protocol };
      return {
        name,
        jail: {
          ...(scope !== undefined && { scope }),
          ...(snapshot !== undefined && { snapshot }),
          flushes: flushes.map(([at, arrived]) => ({ time: at, arrived })),
          stops,
        },
      };
    },
  ),
);

/** A sighting, or an unban of one: one item of a file of these. */
export const seenSchema = v.pipe(
  v.strictObject({
    ip: net,
    server: v.pipe(v.string(), v.regex(SERVER_NAME, 'expected the name of a server')),
    jail: v.pipe(v.string(), v.regex(JAIL_NAME, 'expected the name of a jail')),
    since: v.optional(time),
    until: v.optional(end),
    unbanned: v.optional(time),
  }),
  v.check(
    ({ since, until, unbanned }) =>
      unbanned === undefined
        ? since !== undefined && until !== undefined
        : since === undefined && until === undefined,
    'expected since and until, or unbanned',
  ),
  v.transform(({ since, until = Infinity, unbanned, ...key }): Trail => ({
    ...key,
    bans: since === undefined ? [] : [{ since, until }],
    unbans: unbanned === undefined ? [] : [unbanned],
  })),
);

/** A peer: one item of the file of peers. */
export const peerSchema = v.pipe(
  v.strictObject({
    peer: v.pipe(v.string(), v.regex(SERVER_NAME, 'expected the name of a firewall')),
    key: v.pipe(v.string(), v.regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'expected the fingerprint of a key')),
    sequence: v.pipe(v.number(), v.safeInteger()),
    published: time,
    partial: v.optional(v.boolean('expected true or false'), false),
  }),
  v.transform(({ peer: name, partial, ...heard }): NamedPeer => ({
    name,
    peer: { ...heard, isWhole: !partial },
  })),
);
