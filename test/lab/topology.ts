/**
 * An attacker, a firewall and the servers behind it, each in a network namespace, on addresses that are kept for
 * documentation (RFC 5737, RFC 3849). Each host has a cable of its own to the firewall.
 */

export interface Site {
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  /** The firewall's own addresses on this host's side. */
  readonly gateway4: string;
  readonly gateway6: string;
}

export const ATTACKER: Site = {
  ...{ name: 'attacker', ipv4: '198.51.100.7', ipv6: '2001:db8:a::7' },
  ...{ gateway4: '198.51.100.1', gateway6: '2001:db8:a::1' },
};

export const FIREWALL = 'firewall';

/** The server of that number: web1, web2 and so on. */
export function serverSite(number: number): Site {
  return {
    ...{ name: `web${number}`, ipv4: `203.0.113.${10 + number}`, ipv6: `2001:db8:b::${10 + number}` },
    ...{ gateway4: '203.0.113.1', gateway6: '2001:db8:b::1' },
  };
}

/** The beginning of a command that enters a host. Unlike `ip netns exec` it mounts nothing. */
export function enter(host: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${host}`, '--'];
}

/** A shell script that makes the hosts and connects them. */
export function buildScript(sites: readonly Site[]): string {
  const hosts = [FIREWALL, ...sites.map(({ name }) => name)];
  return ['set -e', ...hosts.map(makeHost), inside(FIREWALL, FORWARD), ...sites.map(connect)].join('\n');
}

/** Without accept_dad=0 an IPv6 address is of no use in its first second. */
function makeHost(host: string): string {
  const noWait = 'for f in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > $f; done';
  return `ip netns add ${host}\n${inside(host, `${noWait}; ip link set lo up`)}`;
}

const FORWARD = 'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding';

function connect({ name, ipv4, ipv6, gateway4, gateway6 }: Site): string {
  return [
    `ip link add ${name} netns ${FIREWALL} type veth peer name eth0 netns ${name}`,
    inside(FIREWALL, addressed(name, [gateway4, gateway6])),
    inside(name, addressed('eth0', [ipv4, ipv6])),
    inside(FIREWALL, `ip route add ${ipv4} dev ${name}; ip -6 route add ${ipv6} dev ${name}`),
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
