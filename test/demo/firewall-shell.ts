/** A shell on the firewall of the demo, in which `banspool` and `iptables` are those of this firewall. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKER, enter, FIREWALL, serverSite } from '../lab/topology.ts';
import { quote } from '../support/quote.ts';
import { runProgram } from '../support/run-program.ts';
import type { Sandbox } from '../support/sandbox.ts';

/** `banspool plan` has found changes. */
const FOUND_CHANGES = 3;

export class FirewallShell {
  readonly #env: NodeJS.ProcessEnv;

  constructor(sandbox: Sandbox) {
    const bin = makePrograms(sandbox);
    this.#env = {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      PS1: 'firewall# ',
      BANSPOOL_CONFIG: sandbox.configPath,
    };
  }

  /** The lines that a command writes; it has to succeed. */
  async run(command: string): Promise<readonly string[]> {
    const script = `exec 2>&1\n${command}`;
    const { code, stdout } = await runProgram([...enter(FIREWALL), 'sh', '-c', script], { env: this.#env });
    if (code !== 0 && code !== FOUND_CHANGES) throw new Error(`${command}: exit code ${code}: ${stdout}`);
    return stdout.trimEnd().split('\n');
  }

  /** Gives it to the user, and waits for its end. */
  async handOver(): Promise<void> {
    const [file, ...args] = [...enter(FIREWALL), 'sh', '-i'];
    console.log(HELP);
    // Ctrl-C is for what runs in the shell.
    process.on('SIGINT', () => undefined);
    await new Promise((resolve, reject) => {
      spawn(file, args, { stdio: 'inherit', env: this.#env }).on('error', reject).on('exit', resolve);
    });
  }
}

const HELP = `A shell on the firewall. The controller is running; exit ends the demonstration. Try:

   attack                                 the attacker tries to reach web1
   banspool ban ${ATTACKER.ipv4} --wait    then attack again
   iptables -F; attack; sleep 1; attack   the second time banspool has restored the rules
   banspool --help                        all commands
`;

/** Programs for the shell: banspool with the demo's config, iptables as banspool has it, an attack on web1. */
function makePrograms(sandbox: Sandbox): string {
  const bin = join(sandbox.folder, 'bin');
  mkdirSync(bin);
  const [node = '', ...words] = sandbox.command();
  const program = [node, ...words.slice(0, words.indexOf('--config'))].map(quote).join(' ');
  const scripts = {
    banspool: `case " $* " in *" --config "*) exec ${program} "$@" ;; esac\nexec ${program} "$@" --config "$BANSPOOL_CONFIG"`,
    iptables: 'exec iptables-nft "$@"',
    attack: `exec ${[...enter(ATTACKER.name), process.execPath, '-e', ATTACK].map(quote).join(' ')}`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return bin;
}

const ATTACK = `
  const socket = require('net').connect({ host: '${serverSite(1).ipv4}', port: 22, timeout: 1000 });
  const end = (word) => { console.log('web1 ' + word); process.exit(); };
  socket.on('connect', () => end('answers')).on('timeout', () => end('does not answer')).on('error', () => end('refuses'));`;
