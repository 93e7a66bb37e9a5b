/** Generators of what banspool speaks of, for property tests. Ranges are small, so that things meet. */
import fc from 'fast-check';
import type { Intent } from '../../src/intent/intent.ts';
import { netOf, type Family, type Net } from '../../src/domain/net.ts';
import { formatPorts, unionPorts, type PortRange, type Ports } from '../../src/domain/ports.ts';
import { parseProtocols, PROTOCOLS } from '../../src/domain/protocol.ts';

/** The text of an IPv4 address or network; host bits may be set. */
export const ipv4Text = withPrefix(fc.ipV4(), 32);

/** The text of an IPv6 address or network in any spelling; host bits may be set. */
export const ipv6Text = withPrefix(fc.ipV6(), 128);

/** Any address or network. */
export const anyNet: fc.Arbitrary<Net> = fc.oneof(ipv4Text, ipv6Text).map(netOf);

/** Of one family, wide and narrow, and often one inside the other. */
export function netIn(family: Family): fc.Arbitrary<Net> {
  const texts =
    family === 'ipv4'
      ? fc.oneof(
          ipv4Text,
          withPrefix(fc.constantFrom('203.0.113.7', '10.0.0.1'), 32),
          fc.constant('0.0.0.0/0'),
        )
      : fc.oneof(ipv6Text, withPrefix(fc.constantFrom('2001:db8::7', '::1.2.3.4'), 128), fc.constant('::/0'));
  return texts.map(netOf).filter((net) => net.family === family);
}

/** Any name a jail may have. */
export const jailName: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/);

const port = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 65_535 }));

const portRange: fc.Arbitrary<PortRange> = fc
  .tuple(port, fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 })))
  .map(([first, more]) => [first, Math.min(first + more, 65_535)] as const);

/** Any set of ports, in canonical form. */
export const portSet: fc.Arbitrary<Ports> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Ports>('all') },
  {
    weight: 4,
    arbitrary: fc.array(portRange, { minLength: 1, maxLength: 40 }).map((ranges) => unionPorts(ranges, [])),
  },
);

/** Canonical text of protocols. */
export const protocolsText: fc.Arbitrary<string> = fc
  .subarray([...PROTOCOLS], { minLength: 1 })
  .map((names) => (parseProtocols(names.join(',')) ?? []).join(','));

const scope = fc.record(
  { ports: portSet.map(formatPorts), protocols: protocolsText },
  { requiredKeys: [] as const, noNullPrototype: true },
);

/** Whom an intent may name: not the unspecified address of either family. */
const source = anyNet.filter(({ text }) => text !== '0.0.0.0' && text !== '::');

/** Objects without a prototype are not equal to ordinary ones. */
const PLAIN = { noNullPrototype: true } as const;

/** What {@link anyIntent} is made of; each has a default in which everything goes. */
export interface IntentParts {
  readonly nets?: fc.Arbitrary<Net>;
  readonly jails?: fc.Arbitrary<string>;
  /** Milliseconds since 1970. */
  readonly times?: fc.Arbitrary<number>;
  /** How long a ban is, in milliseconds. */
  readonly lengths?: fc.Arbitrary<number>;
}

/** The ten digits of seconds that an intent may have, in milliseconds. */
const anyTime = fc.integer({ min: 0, max: 99_999_999_999_000 });

const anyLength = fc.oneof(
  fc.constant(Infinity),
  fc.integer({ min: 0, max: 1_000_000 }),
  fc.integer({ min: 0, max: 99_999_999_999_000 }),
);

/** An intent as parse gives it. */
export function anyIntent(parts: IntentParts = {}): fc.Arbitrary<Intent> {
  const { nets = source, jails = jailName, times = anyTime, lengths = anyLength } = parts;
  const bans = fc
    .record({ ip: nets, time: times, length: lengths })
    .map(({ ip, time, length }) => ({ ip, time, until: time + length }));
  return fc.oneof(
    fc
      .record({
        intent: fc.constantFrom('ban', 'prolong'),
        jail: jails,
        ban: bans,
        scope,
        details: fc.record(
          { failures: fc.nat({ max: 999_999_999 }), reason: reasonText },
          { requiredKeys: [], noNullPrototype: true },
        ),
      })
      .map(({ intent, jail, ban, scope: about, details }) => ({
        intent,
        jail,
        ...ban,
        ...about,
        ...details,
      })),
    fc.record({ intent: fc.constant('unban'), jail: jails, ip: nets, time: times }, PLAIN),
    fc
      .record({ intent: fc.constantFrom('start', 'reload'), jail: jails, time: times, scope })
      .map(({ scope: { ports = 'all', protocols = 'tcp' }, ...rest }) => ({ ...rest, ports, protocols })),
    fc.record({ intent: fc.constantFrom('stop', 'flush'), jail: jails, time: times }, PLAIN),
    fc
      .record({
        intent: fc.constant('snapshot'),
        jail: jails,
        time: times,
        // fail2ban lists an address once.
        bans: fc.uniqueArray(bans, { maxLength: 6, selector: ({ ip }) => ip.text }),
        scope,
      })
      .map(({ scope: about, ...rest }) => ({ ...rest, ...about })),
  );
}

/** A reason as it is kept: one line, without what cannot be seen. */
export const reasonText: fc.Arbitrary<string> = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200),
);

function withPrefix(addresses: fc.Arbitrary<string>, full: number): fc.Arbitrary<string> {
  return fc
    .tuple(addresses, fc.option(fc.integer({ min: 0, max: full })))
    .map(([address, prefix]) => (prefix === null ? address : `${address}/${prefix}`));
}
