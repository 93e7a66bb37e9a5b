/** `npm start -- --stay`: a shell on the firewall of the demo, to try things in. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKER, enter, FIREWALL, serverSite } from '../lab/topology.ts';
import { quote } from '../support/quote.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** Opens the shell and waits for its end. */
export async function openShell(sandbox: Sandbox): Promise<void> {
  const bin = makePrograms(sandbox);
  const [file, ...args] = [...enter(FIREWALL), 'sh', '-i'];
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    PS1: 'firewall# ',
    BANSPOOL_CONFIG: sandbox.configPath,
  };
  console.log(HELP);
  // Ctrl-C is for what runs in the shell.
  process.on('SIGINT', () => undefined);
  await new Promise((resolve, reject) => {
    spawn(file, args, { stdio: 'inherit', env }).on('error', reject).on('exit', resolve);
  });
}

const HELP = `A shell on the firewall; the controller runs on. exit ends it all. Try:
  banspool ban ${ATTACKER.ipv4} --wait   then: attack
  banspool status --config $BANSPOOL_CONFIG   (without --config it is that one too)
  iptables -F; attack; sleep 2; attack
`;

/** Programs for the shell: banspool with the demo's config, and an attack on the first server. */
function makePrograms(sandbox: Sandbox): string {
  const bin = join(sandbox.folder, 'bin');
  mkdirSync(bin);
  const [node = '', ...words] = sandbox.command();
  const program = [node, ...words.slice(0, words.indexOf('--config'))].map(quote).join(' ');
  const withConfig = `case " $* " in *" --config "*) exec ${program} "$@" ;; esac\nexec ${program} "$@" --config "$BANSPOOL_CONFIG"`;
  const attack = [...enter(ATTACKER.name), process.execPath, '-e', ATTACK].map(quote).join(' ');
  for (const [name, script] of [['banspool', withConfig] as const, ['attack', attack] as const]) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return bin;
}

const ATTACK = `
  const socket = require('net').connect({ host: '${serverSite(1).ipv4}', port: 22, timeout: 1000 });
  const end = (word) => { console.log('web1 ' + word); process.exit(); };
  socket.on('connect', () => end('answers')).on('timeout', () => end('does not answer')).on('error', () => end('refuses'));`;
