/**
 * The firewall that the commands of the pages run on, with its controller running:
 *
 *   policy.yaml  allows 192.0.2.0/24 (office), denies 198.51.100.64/26 (abuse desk gone)
 *   web1         bans 203.0.113.7 in sshd on 22/tcp and 2222/tcp for a day after 5 failures; and 192.0.2.9
 *   web2         bans 203.0.113.7 in sshd on 22/tcp until unbanned; 2001:db8::7 in nginx-http-auth on 80,443/tcp
 *   mail         bans 203.0.113.80 in postfix on 25/tcp
 *
 * A block is one shell script. It stands in a folder with a policy.yaml, as above and with one net more, and a
 * ban.yaml, a ban of now. `banspool` is the program; `sudo -u banspool` runs the command as it is; `systemctl start
 * banspool-reconcile.service` makes the pass that this unit makes; /var/lib/banspool/state, /var/spool/banspool,
 * /run/banspool, /etc/banspool/config.yaml and the like are those of this firewall, in output too.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { banText } from '../support/intent-text.ts';
import { runProgram, type Ran } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const POLICY = `allow:
  - { net: 192.0.2.0/24, note: office }
deny:
  - { net: 198.51.100.64/26, note: abuse desk gone }
`;

const DAY_S = 86_400;

/** A pass on a busy machine takes less. */
const SETTLE_S = 10;

/** Between the output of one command and the next. */
const MARK = '\u001e';

export class PreparedFirewall implements AsyncDisposable {
  readonly #sandbox: Sandbox;

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  static async open(): Promise<PreparedFirewall> {
    const sandbox = await Sandbox.open();
    sandbox.writePolicy(POLICY);
    sandbox.drop('web1', banText('203.0.113.7', { ports: 'ssh,2222', bantime: DAY_S, failures: 5 }));
    sandbox.drop('web1', banText('192.0.2.9'));
    sandbox.drop('web2', banText('203.0.113.7', { bantime: -1 }));
    sandbox.drop('web2', banText('"2001:db8::7"', { jail: 'nginx-http-auth', ports: 'http,https' }));
    sandbox.drop('mail', banText('203.0.113.80', { jail: 'postfix', ports: 'smtp', bantime: DAY_S }));
    await sandbox.startController();
    await eventually(() => {
      if (sandbox.waiting().length > 0) throw new Error('not all is heard');
    });
    const prepared = new PreparedFirewall(sandbox);
    prepared.#makeCommands();
    return prepared;
  }

  /** A script that stops at the first command that fails. */
  async runScript(script: string): Promise<Ran> {
    return this.#run(`set -e\n${script}`);
  }

  /**
   * What each of the commands writes to stdout and stderr. The controller has taken in what one did before the next
   * one runs.
   */
  async outputsOf(commands: readonly string[]): Promise<readonly string[]> {
    const { stdout } = await this.#run(`exec 2>&1\n${commands.join(`\nsettled\nprintf '${MARK}'\n`)}`);
    return stdout.split(MARK);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox[Symbol.asyncDispose]();
  }

  async #run(script: string): Promise<Ran> {
    const { desk, tools } = this.#folders;
    const PATH = `${tools}:${process.env['PATH'] ?? ''}`;
    const ran = await runProgram(['sh', '-c', `cd '${desk}'\n${this.#here(script)}\n`], {
      env: { ...process.env, PATH, TMPDIR: this.#sandbox.folder },
    });
    return { ...ran, stdout: this.#there(ran.stdout), stderr: this.#there(ran.stderr) };
  }

  get #folders(): { readonly desk: string; readonly tools: string } {
    const { folder } = this.#sandbox;
    return { desk: join(folder, 'desk'), tools: join(folder, 'tools') };
  }

  #makeCommands(): void {
    const { desk, tools } = this.#folders;
    for (const folder of [desk, tools]) mkdirSync(folder);
    writeFileSync(join(desk, 'policy.yaml'), `${POLICY}  - { net: 203.0.113.0/24, note: scanners }\n`);
    writeFileSync(join(desk, 'ban.yaml'), banText('203.0.113.66'));
    const { folder, state, spool } = this.#sandbox;
    const [node, program, ...config] = this.#sandbox.command();
    const isClean = `[ -z "$(git --no-optional-locks -C '${state}' status --porcelain 2>&1)" ]`;
    // Of no processes, for most commands are followed by many looks.
    const isHeard = `set -- '${spool}'/*/*.yaml; [ ! -e "$1" ]`;
    // What is damaged is never taken in, but told.
    const isTold = `grep -q '"reason": "Damaged"' '${folder}/status.json'`;
    const isGone = `[ ! -e '${state}' ]`;
    const commands = {
      banspool: `exec '${node}' '${program}' "$@" ${config.join(' ')}`,
      sudo: '[ "$1 $2" = "-u banspool" ] && shift 2 && exec "$@"',
      // Its output goes to the journal.
      systemctl: '[ "$*" = "start banspool-reconcile.service" ] && exec banspool reconcile >/dev/null 2>&1',
      // Not for ever: what cannot be read is never taken in either.
      settled: `for _ in $(seq ${SETTLE_S * 20}); do ${isGone} && break; ${isHeard} && { ${isClean} || ${isTold}; } && break; sleep 0.05; done >/dev/null 2>&1`,
    };
    for (const [name, script] of Object.entries(commands)) {
      writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(tools, name), 0o755);
    }
  }

  /** The paths of an installed firewall, and those of this one. */
  get #paths(): readonly (readonly [string, string])[] {
    const { state, spool, rejected, configPath, folder } = this.#sandbox;
    return [
      ['/var/lib/banspool/state', state],
      ['/var/lib/banspool/rejected', rejected],
      ['/var/lib/banspool/exports', join(folder, 'exports')],
      ['/var/spool/banspool', spool],
      ['/etc/banspool/config.yaml', configPath],
      ['/run/banspool', folder],
    ];
  }

  #here(text: string): string {
    return replaceAll(text, new Map(this.#paths));
  }

  #there(text: string): string {
    return replaceAll(text, new Map(this.#paths.map(([there, here]) => [here, there])));
  }
}

/** Whole paths, and what is below them, in one go: what stands there may be part of what stood there. */
function replaceAll(text: string, paths: ReadonlyMap<string, string>): string {
  const any = new RegExp(`(?:${[...paths.keys()].join('|')})(?![\\w-])`, 'g');
  return text.replace(any, (path) => paths.get(path) ?? path);
}
