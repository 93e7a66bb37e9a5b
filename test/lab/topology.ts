/**
 * Networks to attack, as data: hosts, each in a network namespace with a cable of its own to its router, on addresses
 * that are kept for documentation (RFC 5737, RFC 3849).
 */

export interface Site {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  /** The host at the other end of its cable, by which it reaches all others; there, the cable has the site's name. */
  readonly router: string;
  /** The router's own addresses on this host's side. */
  readonly gateway4: string;
  readonly gateway6: string;
}

export interface Network {
  readonly attacker: Site;
  /** Those that are attacked. */
  readonly servers: readonly Site[];
  /** All others that have a cable to a router of their own. */
  readonly others: readonly Site[];
}

export const FIREWALL = 'firewall';

export const ATTACKER: Site = {
  ...{ name: 'attacker', ipv4: '198.51.100.7', ipv6: '2001:db8:a::7' },
  ...{ router: FIREWALL, gateway4: '198.51.100.1', gateway6: '2001:db8:a::1' },
};

/** The server of that number: web1, web2 and so on. */
export function serverSite(number: number): Site {
  return {
    ...{ name: `web${number}`, ipv4: `203.0.113.${10 + number}`, ipv6: `2001:db8:b::${10 + number}` },
    ...{ router: FIREWALL, gateway4: '203.0.113.1', gateway6: '2001:db8:b::1' },
  };
}

/** An attacker, a firewall and servers behind it. */
export function behindOneFirewall(servers: number): Network {
  const sites = Array.from({ length: servers }, (_, index) => serverSite(index + 1));
  return { attacker: ATTACKER, servers: sites, others: [] };
}

/** The router of what is outside of all firewalls, and the machine that they share. */
export const INTERNET = 'internet';
export const HUB = 'hub';

/** Each firewall of a fleet, with the server behind it. */
export const FLEET: readonly (readonly [firewall: Site, server: Site])[] = [1, 2].map((number) => {
  const firewall = outside(`fw${number}`, number);
  const gateways = { gateway4: `203.0.113.${number}`, gateway6: `2001:db8:b::${number}` };
  return [firewall, { ...serverSite(number), router: firewall.name, ...gateways }];
});

/** Two firewalls with a server behind each, an attacker and a hub, which reach each other over the Internet. */
export const BEHIND_TWO_FIREWALLS: Network = {
  attacker: { ...ATTACKER, router: INTERNET },
  servers: FLEET.map(([, server]) => server),
  others: [outside(HUB, 10), ...FLEET.map(([firewall]) => firewall)],
};

/** A host of the Internet, on the net that docs/fleet.md speaks of. */
function outside(name: string, number: number): Site {
  return {
    ...{ name, ipv4: `192.0.2.${number}`, ipv6: `2001:db8:c::${number}` },
    ...{ router: INTERNET, gateway4: '192.0.2.254', gateway6: '2001:db8:c::fe' },
  };
}

/** The beginning of a command that enters a host. Unlike `ip netns exec` it mounts nothing. */
export function enter(host: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${host}`, '--'];
}

/** A shell script that makes the hosts and their routers, and connects them. */
export function buildScript(sites: readonly Site[]): string {
  const routers = new Set(sites.map(({ router }) => router));
  return [
    'set -e',
    ...hostsOf(sites).map(makeHost),
    ...Array.from(routers, (router) => inside(router, FORWARD)),
    ...sites.map(connect),
    ...sites.map((site) => routeFromAbove(site, sites)),
  ].join('\n');
}

/** The names of all that have a namespace: the sites, and routers that are no site. */
export function hostsOf(sites: readonly Site[]): readonly string[] {
  return Array.from(new Set(sites.flatMap(({ name, router }) => [router, name])));
}

/** Every router above the site's own learns by which of its cables it is reached. */
function routeFromAbove(site: Site, sites: readonly Site[]): string {
  const lines: string[] = [];
  const above = (name: string): Site | undefined => sites.find((each) => each.name === name);
  for (let by = above(site.router); by !== undefined; by = above(by.router)) {
    const routes = [
      `ip route add ${site.ipv4} via ${by.ipv4} dev ${by.name}`,
      `ip -6 route add ${site.ipv6} via ${by.ipv6} dev ${by.name}`,
    ];
    lines.push(inside(by.router, routes.join('; ')));
  }
  return lines.join('\n');
}

/** Without accept_dad=0 an IPv6 address is of no use in its first second. */
function makeHost(host: string): string {
  const noWait = 'for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done';
  return `ip netns add ${host}\n${inside(host, `${noWait}; ip link set lo up`)}`;
}

const FORWARD = 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding';

function connect({ name, ipv4, ipv6, router, gateway4, gateway6 }: Site): string {
  return [
    `ip link add ${name} netns ${router} type veth peer name eth0 netns ${name}`,
    inside(router, addressed(name, [gateway4, gateway6])),
    inside(name, addressed('eth0', [ipv4, ipv6])),
    inside(router, `ip route add ${ipv4} dev ${name}; ip -6 route add ${ipv6} dev ${name}`),
    inside(
      name,
      `ip route add default via ${gateway4} dev eth0 onlink; ip -6 route add default via ${gateway6} dev eth0 onlink`,
    ),
  ].join('\n');
}

function addressed(device: string, addresses: readonly string[]): string {
  const adds = addresses.map((address) => `ip addr add ${address} dev ${device}`);
  return [...adds, `ip link set ${device} up`].join('; ');
}

function inside(host: string, script: string): string {
  return `${enter(host).join(' ')} sh -ec '${script}'`;
}
