/** Networks that can be played with, each with the commands of its prompt. */
import { quote } from '../support/quote.ts';
import { FleetNetwork } from './fleet-network.ts';
import { GuardedNetwork, STRANGER, type Programs } from './guarded-network.ts';
import type { Lab } from './lab.ts';
import type { Machine } from './machine.ts';
import { ATTACKER, BEHIND_TWO_FIREWALLS, enter, FIREWALL, FLEET, HUB, INTERNET } from './topology.ts';

export interface Playground extends AsyncDisposable {
  readonly help: string;
  /** Shell scripts of these names, for the prompt. */
  readonly programs: Readonly<Record<string, string>>;
}

/** One firewall. */
export async function openFirewall(programs: Programs): Promise<Playground> {
  console.error('building: an attacker, a firewall, web1 and web2 …');
  const network = await GuardedNetwork.build(programs);
  const { lab, firewall, servers } = network;
  return {
    help: HELP,
    programs: {
      on: on([ATTACKER.name], [firewall, ...servers]),
      attack: attack(lab),
      banspool: `exec on ${FIREWALL} banspool "$@"`,
    },
    [Symbol.asyncDispose]: async () => network[Symbol.asyncDispose](),
  };
}

/** Two firewalls, and what they share. */
export async function openFleet(programs: Programs): Promise<Playground> {
  console.error('building: an attacker, fw1 with web1 behind it, fw2 with web2 behind it, and a hub …');
  const fleet = await FleetNetwork.build(programs);
  const { lab, hub, networks } = fleet;
  const machines = networks.flatMap(({ firewall, servers }) => [firewall, ...servers]);
  return {
    help: FLEET_HELP,
    programs: {
      on: on([ATTACKER.name, INTERNET], [hub, ...machines]),
      attack: attack(lab),
      plug: lineTo('del'),
      unplug: lineTo('add'),
    },
    [Symbol.asyncDispose]: async () => fleet[Symbol.asyncDispose](),
  };
}

const HELP = `
  attack web1            a failed login from the attacker; web1's fail2ban bans at the first
  on HOST [COMMAND]      a command, or a shell, on firewall, web1, web2 or attacker, such as
                           on web1 fail2ban-client set sshd unbanip ${ATTACKER.ipv4}
                           on web1 banspool-send status
                           on firewall iptables -S
  banspool COMMAND       on the firewall: list, status, why ${ATTACKER.ipv4}, history, doctor, server list
exit ends all of it.
`;

const FLEET_HELP = `
  attack web1            a failed login from the attacker; web1's fail2ban bans at the first, and both firewalls drop it
  on HOST [COMMAND]      a command, or a shell, on fw1, fw2, web1, web2, hub, internet or attacker, such as
                           on fw2 iptables -S
                           on fw2 banspool peers
                           on fw2 banspool why ${ATTACKER.ipv4}
                           on fw2 banspool unban ${ATTACKER.ipv4} --wait
                           on web1 fail2ban-client set sshd banip 198.51.100.66
                           on fw2 systemctl stop banspool-fleet
                           on hub git -C /srv/fleet.git log --all --oneline --stat
  unplug fw2             cuts the line between fw2 and the hub: now ban on both sides
  plug fw2               joins it again
exit ends all of it.
`;

/** A command or a shell on a host: one of these network namespaces, or a machine. */
function on(namespaces: readonly string[], machines: readonly Machine[]): string {
  const hosts = [
    ...namespaces.map((name) => [name, enter(name)] as const),
    ...machines.map((machine) => [machine.name, machine.enter] as const),
  ];
  const cases = hosts.map(([name, words]) => `${name}) exec ${words.map(quote).join(' ')} "$@" ;;`);
  return [
    'host=$1',
    'shift',
    '[ $# -gt 0 ] || set -- env PS1="$host# " sh -i',
    `case $host in ${cases.join('\n')} *) echo "there is no host $host" >&2; exit 2 ;; esac`,
  ].join('\n');
}

function attack({ servers }: Lab): string {
  const addresses = servers.map(({ site }) => `${site.name}) address=${site.ipv4} ;;`);
  const names = servers.map(({ site }) => site.name).join(' or ');
  return [
    `case $1 in ${addresses.join('\n')} *) echo 'attack ${names}' >&2; exit 2 ;; esac`,
    `exec on ${ATTACKER.name} ssh ${STRANGER.join(' ')} "admin@$address" true`,
  ].join('\n');
}

/** Cuts, or joins, the line between a firewall and the hub: both ways, as a cable is. */
function lineTo(change: 'add' | 'del'): string {
  const hub = BEHIND_TWO_FIREWALLS.others.find(({ name }) => name === HUB);
  const addresses = FLEET.map(([{ name, ipv4 }]) => `${name}) address=${ipv4} ;;`);
  const names = FLEET.map(([{ name }]) => name).join(' or ');
  return [
    `case $1 in ${addresses.join('\n')} *) echo 'name ${names}' >&2; exit 2 ;; esac`,
    `set -- "from $address to ${hub?.ipv4 ?? ''}" "from ${hub?.ipv4 ?? ''} to $address"`,
    'for way; do',
    `  on ${INTERNET} ip rule ${change} $way blackhole || exit`,
    'done',
  ].join('\n');
}
