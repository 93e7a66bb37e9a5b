/**
 * `npm run lab`: a network with an attacker and the real programs, to play with. Everything is in namespaces of its own
 * and gone at the end.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { isPrivateNetwork } from '../support/namespaces.ts';
import { exitCodeOf, runAgainInNamespaces } from '../support/run-again.ts';
import { fail2banReleases } from './layers.ts';
import { playTour } from './tour.ts';
import { openFirewall, openFleet, type Playground } from './playground.ts';

const USAGE = `Usage: npm run lab [-- [--fleet] [--scp] [--fail2ban=VERSION] [COMMAND…]]

Builds the network and opens a shell above it, or runs COMMAND there and ends. Needs root.
  --fleet              two firewalls that share their bans through a hub, each with a server; the COMMAND
                       "tour" shows what they do
  --scp                the servers send by scp instead of rsync
  --fail2ban=VERSION   with this one of ${fail2banReleases().join(', ')} instead of the newest
`;

const FAIL2BAN = '--fail2ban=';

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
  const unknown = options.find(
    (option) => !['--fleet', '--scp'].includes(option) && !option.startsWith(FAIL2BAN),
  );
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
  const open = options.includes('--fleet') ? openFleet : openFirewall;
  await using playground = await open({
    transport: options.includes('--scp') ? 'scp' : 'rsync',
    ...(release !== undefined && { fail2ban: release }),
  });
  const env = {
    ...process.env,
    PATH: `${writePrograms(playground.programs)}:${process.env['PATH'] ?? ''}`,
    PS1: 'lab# ',
  };
  if (options.includes('--fleet') && command[0] === 'tour') {
    await playTour(env, (text) => process.stdout.write(text));
    return 0;
  }
  if (command.length === 0) console.error(playground.help);
  const [file = 'sh', ...args] = command.length === 0 ? ['sh', '-i'] : command;
  // Ctrl-C is for what runs in the shell.
  process.on('SIGINT', () => undefined);
  // Awaited here: the network is gone when this returns.
  return await exitCodeOf(spawn(file, args, { stdio: 'inherit', env }));
}

/** Writes the programs of the lab's shell to a folder, which it returns. */
function writePrograms(programs: Playground['programs']): string {
  const folder = mkdtempSync('/run/lab-');
  for (const [name, script] of Object.entries(programs))
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

process.exit(await main(process.argv.slice(2)));
