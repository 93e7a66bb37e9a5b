/** `escalate` of policy.yaml: rules about bans of several servers, or of one address again and again, or of a net. */
import * as v from 'valibot';
import { isPortsText, isProtocolsText } from '../claims/scope-text.ts';
import { lengthWithin, listOfNamed } from '../config/fields.ts';
import { JAIL_NAME } from '../domain/names.ts';
import { formatPorts, parsePorts } from '../domain/ports.ts';
import { parseProtocols } from '../domain/protocol.ts';
import { NO_SERVICES } from '../domain/services.ts';
import { expected } from '../yaml/expected.ts';
import { banLength, jailsSchema, unknownKey, whole } from './limit-schemas.ts';
import { ESCALATE_KEYS } from './policy-keys.ts';

export interface EscalateRule {
  /** The jail of the bans that follow from it. */
  readonly name: string;
  /** What is counted: different servers, bans of one address, or different addresses of one net. */
  readonly counts: (typeof COUNTS)[number];
  /** With so many of them it is met. */
  readonly least: number;
  /** The prefix lengths of the net whose addresses are counted, which is then banned. */
  readonly net: { readonly ipv4: number; readonly ipv6: number };
  /** Milliseconds from the first to the last that is counted. */
  readonly within: number;
  /** Milliseconds; Infinity: until unbanned. */
  readonly ban: number;
  /** Canonical, as those of a claim. */
  readonly ports: string;
  readonly protocols: string;
  /** Whose bans are counted; undefined: of all. */
  readonly jails: readonly string[] | undefined;
}

const COUNTS = ['servers', 'bans', 'addresses'] as const;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const NAME = 'the name of a rule: letters, digits and _ . -, at most 64';
const PORTS = 'port numbers and ranges such as "22,8000:8010", or all';
const PROTOCOL = 'a list of tcp, udp, sctp, dccp and icmp such as "tcp,udp", or all';
const ONE_COUNT = `expected one of ${COUNTS.join(', ')}: what the rule counts`;

const ports = v.pipe(
  v.union([v.string(), v.number()], expected(PORTS)),
  v.transform((value) => String(value).replaceAll(' ', '').replaceAll('-', ':')),
  v.check(isPortsText, expected(PORTS)),
  v.transform((text) => {
    const parsed = parsePorts(text, NO_SERVICES);
    return parsed.kind === 'ports' ? formatPorts(parsed.ports) : text;
  }),
);

const protocol = v.pipe(
  v.string(expected(PROTOCOL)),
  v.transform((text) => text.replaceAll(' ', '')),
  v.check(isProtocolsText, expected(PROTOCOL)),
  v.transform((text) => parseProtocols(text)?.join(',') ?? text),
);

const ruleSchema = v.pipe(
  v.strictObject(
    {
      name: v.pipe(v.string(expected(NAME)), v.regex(JAIL_NAME, expected(NAME))),
      servers: v.optional(whole(2, 1_000)),
      bans: v.optional(whole(2, 50)),
      addresses: v.optional(whole(2, 1_000)),
      net4: v.optional(whole(20, 31)),
      net6: v.optional(whole(48, 127)),
      within: lengthWithin(MINUTE_MS, 366 * DAY_MS, 'a time from 1m to 1y'),
      ban: banLength,
      ports: v.optional(ports, 'all'),
      protocol: v.optional(protocol, 'all'),
      jails: v.optional(jailsSchema),
    } satisfies Record<keyof typeof ESCALATE_KEYS, v.GenericSchema>,
    unknownKey(ESCALATE_KEYS),
  ),
  v.check((rule) => COUNTS.filter((key) => rule[key] !== undefined).length === 1, ONE_COUNT),
  v.check(
    ({ addresses, net4, net6 }) => addresses !== undefined || (net4 === undefined && net6 === undefined),
    'net4 and net6 go with addresses alone',
  ),
  v.transform(({ name, net4 = 24, net6 = 64, within, ban, protocol: protocols, ...rule }): EscalateRule => {
    const counts = COUNTS.find((key) => rule[key] !== undefined) ?? 'bans';
    const least = rule[counts] ?? Infinity;
    return {
      ...{ name, counts, least, net: { ipv4: net4, ipv6: net6 }, within, ban },
      ...{ ports: rule.ports, protocols, jails: rule.jails },
    };
  }),
);

/** A list of rules, each with a name of its own. */
export const escalateSchema = listOfNamed(ruleSchema, {
  what: 'a list of rules such as { name, servers, within, ban }',
  nameOf: ({ name }) => name,
  twice: 'two rules are called',
});
