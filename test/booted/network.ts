/**
 * The network of the machines: one bridge, on it the attackers' net and the servers' net. All that goes from one to the
 * other goes through the firewall, which has an address in both. The attackers are this network namespace itself.
 */
import type { Family } from '../../src/domain/net.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf } from '../support/run-program.ts';

export const BRIDGE = 'machines';

export const ADDRESSES = {
  /** Of the machines. */
  firewall: '192.0.2.1',
  web1: '192.0.2.11',
  web2: '192.0.2.12',
  /** Of a fleet's firewalls; there is no machine `firewall` beside them. */
  fw1: '192.0.2.1',
  fw2: '192.0.2.2',
  /** Where the attackers' packets to the servers go, and those to fw2. */
  outside: '203.0.113.1',
  outside2: '203.0.113.2',
  /** The one that gets banned, and one that never does. */
  attacker: '203.0.113.66',
  bystander: '203.0.113.77',
} as const;

/** The same of IPv6. */
export const ADDRESSES6 = {
  firewall: '2001:db8:2::1',
  web1: '2001:db8:2::11',
  web2: '2001:db8:2::12',
  fw1: '2001:db8:2::1',
  fw2: '2001:db8:2::2',
  outside: '2001:db8:3::1',
  attacker: '2001:db8:3::66',
  bystander: '2001:db8:3::77',
} as const;

export type ServerName = 'web1' | 'web2';
export type FirewallName = 'fw1' | 'fw2';
export type MachineName = 'firewall' | FirewallName | ServerName;

/** Makes the bridge with the attackers on it, and counters of what comes from them to each server. */
export async function makeNetwork(): Promise<void> {
  requirePrivateNetwork();
  const { attacker, bystander, outside, fw2, outside2 } = ADDRESSES;
  await outputOf(['sh', '-ec', MAKE, 'sh', BRIDGE, attacker, bystander, outside, fw2, outside2]);
  await outputOf([
    'sh',
    '-ec',
    MAKE6,
    'sh',
    BRIDGE,
    ADDRESSES6.attacker,
    ADDRESSES6.bystander,
    ADDRESSES6.outside,
  ]);
  await outputOf(['nft', '-f', '-'], { input: counters() });
}

const MAKE = `
  ip link add "$1" type bridge
  ip addr add "$2/24" dev "$1"
  ip addr add "$3/24" dev "$1"
  ip link set "$1" up
  ip route add 192.0.2.0/24 via "$4"
  ip route add "$5" via "$6"
  echo 0 >"/proc/sys/net/ipv4/conf/$1/accept_redirects"
`;

const MAKE6 = `
  ip addr add "$2/64" dev "$1" nodad
  ip addr add "$3/64" dev "$1" nodad
  ip route add 2001:db8:2::/64 via "$4"
`;

/** nspawn calls the bridge's end of a machine's cable vb- and the machine's name. */
function counters(): string {
  const rules = (['attacker', 'bystander'] as const).flatMap((who) =>
    (['web1', 'web2'] as const).flatMap((server) => [
      `    oifname "vb-${server}" ether type ip ip saddr ${ADDRESSES[who]} counter comment "${who} ${server} ipv4"`,
      // Not who asks for a neighbour.
      `    oifname "vb-${server}" ether type ip6 ip6 saddr ${ADDRESSES6[who]} meta l4proto udp counter comment "${who} ${server} ipv6"`,
    ]),
  );
  return [
    'table bridge probe {',
    '  chain forward {',
    '    type filter hook forward priority 0;',
    ...rules,
    '  }',
    '}',
    '',
  ].join('\n');
}

/** Packets of the attacker, or of the bystander, that came as far as a server until now. */
export async function arrived(
  who: 'attacker' | 'bystander',
  server: ServerName,
  family: Family = 'ipv4',
): Promise<number> {
  const listing = await outputOf(['nft', 'list', 'chain', 'bridge', 'probe', 'forward']);
  const line = listing.split('\n').find((each) => each.includes(`"${who} ${server} ${family}"`)) ?? '';
  return Number(/packets (\d+)/.exec(line)?.[1]);
}
