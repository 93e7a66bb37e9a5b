/**
 * Nets whose addresses are nobody's on the internet (the registries of RFC 6890, as IANA keeps them: "Globally
 * Reachable: False"), and multicast. Real lists name them, since they list what nobody should send from. The nets of
 * documentation (203.0.113.0/24 and its like) are not among them: no host has those, and examples and tests do.
 */
import { netOf, type Net } from '../../domain/net.ts';

/** No list bans what is inside of these. */
export const SPECIAL_NETS: readonly Net[] = [
  // https://www.iana.org/assignments/iana-ipv4-special-registry
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/4', '240.0.0.0/4'],
  // https://www.iana.org/assignments/iana-ipv6-special-registry; ::ffff:0:0/96, which is IPv4, no table can have.
  ...[
    '::',
    '::1',
    '64:ff9b:1::/48',
    '100::/64',
    '2001:2::/48',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ],
].map(netOf);
