/** The firewall's side of a server's key: banspool-receive as sshd starts it, on a folder of its own. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type Ran } from '../support/run-program.ts';
import { ACTIONS } from './sender.ts';

/** The folder of server web1, with programs of the firewall that stand in for those that tests cannot have. */
export class Gate implements Disposable {
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'banspool-receive-'));
  readonly spool = join(this.folder, 'web1');
  readonly bin = join(this.folder, 'bin');

  constructor() {
    fs.mkdirSync(this.spool);
    fs.mkdirSync(this.bin);
    this.replaceProgram('logger', `printf '%s\\n' "$6" >>$world/log`);
    this.replaceProgram('sleep', 'exec /bin/sleep 0.02');
    this.replaceProgram('rrsync', 'printf "%s\\n" "$SSH_ORIGINAL_COMMAND" "$*"');
  }

  /** A shell script under that name, first in PATH; `$world` is the folder. */
  replaceProgram(name: string, body: string): void {
    fs.writeFileSync(join(this.bin, name), `#!/bin/sh\nworld=${this.folder}\n${body}\n`, { mode: 0o755 });
  }

  /** As sshd runs it for that command; the group is its own, for it ends all of it when the room is full. */
  async run(asked: string | undefined, shell: readonly string[] = ['dash']): Promise<Ran> {
    const forced = [
      join(ACTIONS, 'banspool-receive'),
      'rrsync',
      '-wo',
      '-no-del',
      '-no-lock',
      '-munge',
      this.spool,
    ];
    return runProgram(['setsid', '--wait', ...shell, ...forced], {
      env: {
        PATH: `${this.bin}:${process.env['PATH'] ?? ''}`,
        SSH_CONNECTION: '203.0.113.11 40000 203.0.113.1 22',
        ...(asked !== undefined && { SSH_ORIGINAL_COMMAND: asked }),
      },
    });
  }

  /** What went to syslog. */
  get log(): readonly string[] {
    const path = join(this.folder, 'log');
    return fs.existsSync(path) ? fs.readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * What reaches the folder when this rsync is called with the words after it, through the real rrsync; with `asked`, the
 * firewall is asked for that, whatever the rsync here does.
 */
export async function send(gate: Gate, words: readonly string[], asked = '"$*"'): Promise<Ran> {
  const remote = join(gate.folder, 'remote');
  const rrsync = (await runProgram(['sh', '-c', 'command -v rrsync'])).stdout.trim();
  const forced = `${join(ACTIONS, 'banspool-receive')} ${rrsync} -wo -no-del -no-lock -munge ${gate.spool}`;
  // What ssh and sshd do together: the host is dropped, the words become one text.
  fs.writeFileSync(
    remote,
    `#!/bin/sh\nshift\nPATH=${gate.folder}/bin:$PATH\nSSH_ORIGINAL_COMMAND=${asked} exec setsid --wait ${forced}\n`,
    { mode: 0o755 },
  );
  return runProgram(['rsync', '-e', remote, ...words]);
}

/** Debian 12 has it in the package rsync. */
export const hasRrsync = (await runProgram(['sh', '-c', 'command -v rrsync'])).code === 0;
