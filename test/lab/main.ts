/**
 * `npm run lab`: an attacker, two web servers and a firewall, with the real programs, to play with. Everything is in
 * namespaces of its own and gone at the end.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { isPrivateNetwork } from '../support/namespaces.ts';
import { quote } from '../support/quote.ts';
import { exitCodeOf, runAgainInNamespaces } from '../support/run-again.ts';
import { GuardedNetwork, STRANGER } from './guarded-network.ts';
import { fail2banReleases } from './layers.ts';
import { ATTACKER, enter, serverSite } from './topology.ts';

const USAGE = `Usage: npm run lab [-- [--scp] [--fail2ban=VERSION] [COMMAND…]]

Builds the network and opens a shell above it, or runs COMMAND there and ends. Needs root.
  --scp                the servers send by scp instead of rsync
  --fail2ban=VERSION   with this one of ${fail2banReleases().join(', ')} instead of the newest
`;

const FAIL2BAN = '--fail2ban=';

const HELP = `
  attack web1            a failed login from the attacker; web1's fail2ban bans at the first
  on HOST [COMMAND]      a command, or a shell, on firewall, web1, web2 or attacker, such as
                           on web1 fail2ban-client set sshd unbanip ${ATTACKER.ipv4}
                           on web1 banspool-send status
                           on firewall iptables -S
  banspool COMMAND       on the firewall: list, status, why ${ATTACKER.ipv4}, history, doctor, server list
exit ends all of it.
`;

async function main(words: readonly string[]): Promise<number> {
  const first = words.findIndex((word) => !word.startsWith('--'));
  const options = first === -1 ? words : words.slice(0, first);
  const command = words.slice(options.length);
  if (options.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  if (process.getuid?.() !== 0) {
    console.error('banspool: error: the lab makes accounts and mounts of its own, which needs root');
    return 1;
  }
  if (!isPrivateNetwork()) return runAgainInNamespaces();
  const unknown = options.find((option) => option !== '--scp' && !option.startsWith(FAIL2BAN));
  if (unknown !== undefined) {
    console.error(`banspool: error: unknown option "${unknown}"\n${USAGE}`);
    return 2;
  }
  const wanted = options.find((word) => word.startsWith(FAIL2BAN))?.slice(FAIL2BAN.length);
  const release = fail2banReleases().find((each) => each === wanted);
  if (wanted !== undefined && release === undefined) {
    console.error(`banspool: error: there is no fail2ban "${wanted}" here\n${USAGE}`);
    return 2;
  }
  console.error('building: an attacker, a firewall, web1 and web2 …');
  await using network = await GuardedNetwork.build({
    transport: options.includes('--scp') ? 'scp' : 'rsync',
    ...(release !== undefined && { fail2ban: release }),
  });
  if (command.length === 0) console.error(HELP);
  const [file = 'sh', ...args] = command.length === 0 ? ['sh', '-i'] : command;
  const env = {
    ...process.env,
    PATH: `${writePrograms(network)}:${process.env['PATH'] ?? ''}`,
    PS1: 'lab# ',
  };
  // Ctrl-C is for what runs in the shell.
  process.on('SIGINT', () => undefined);
  // Awaited here: the network is gone when this returns.
  return await exitCodeOf(spawn(file, args, { stdio: 'inherit', env }));
}

/** Writes the programs of the lab's shell to a folder, which it returns. */
function writePrograms({ firewall, servers }: GuardedNetwork): string {
  const hosts = [
    ...[firewall, ...servers].map(({ name, enter: words }) => [name, words] as const),
    [ATTACKER.name, enter(ATTACKER.name)] as const,
  ];
  const cases = hosts.map(([name, words]) => `${name}) exec ${words.map(quote).join(' ')} "$@" ;;`);
  const on = [
    'host=$1',
    'shift',
    '[ $# -gt 0 ] || set -- env PS1="$host# " sh -i',
    `case $host in ${cases.join('\n')} *) echo "there is no host $host" >&2; exit 2 ;; esac`,
  ].join('\n');
  const addresses = servers.map((_, index) => `web${index + 1}) address=${serverSite(index + 1).ipv4} ;;`);
  const attack = [
    `case $1 in ${addresses.join('\n')} *) echo 'attack web1 or web2' >&2; exit 2 ;; esac`,
    `exec on attacker ssh ${STRANGER.join(' ')} "admin@$address" true`,
  ].join('\n');
  const folder = mkdtempSync('/run/lab-');
  for (const [name, script] of Object.entries({ on, attack, banspool: 'exec on firewall banspool "$@"' })) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return folder;
}

process.exit(await main(process.argv.slice(2)));
