/**
 * A firewall's files in a folder of their own: spool, state, config; and the program run on them. It all stands in
 * the private /run, so that it is gone with the namespaces whatever happens.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseStatusRecord, type StatusRecord } from '../../src/status/status-record.ts';
import { Given } from '../../src/system/given.ts';
import { localZone } from '../../src/system/local-zone.ts';
import { readStatusFile } from '../../src/system/files/status-file.ts';
import { Child } from './child.ts';
import { eventually } from './eventually.ts';
import { configOfEverything, openEverything, withEverything } from './everything.ts';
import { clearFirewall } from './firewall.ts';
import { requirePrivateNetwork } from './namespaces.ts';
import { processesWith } from './processes.ts';
import { outputOf, runProgram, type Ran } from './run-program.ts';

export interface SandboxOptions {
  /** More lines of the config; without any, an hour passes between full passes, so that only bells are tested. */
  readonly config?: Readonly<Record<string, string>>;
  /** The beginning of a command that enters the host it is for. */
  readonly enter?: readonly string[];
}

const MAIN = join(import.meta.dirname, '../../banspool.js');

export class Sandbox implements AsyncDisposable {
  readonly folder: string;
  readonly configPath: string;
  readonly spool: string;
  state: string;
  /** The program that commands run: as the packages have it, unless a test sets another. */
  program = MAIN;
  readonly rejected: string;
  readonly #enter: readonly string[];
  readonly #children: Child[] = [];
  #dropped = 0;

  private constructor({ config = {}, enter = [] }: SandboxOptions) {
    requirePrivateNetwork();
    this.folder = mkdtempSync('/run/banspool-');
    this.configPath = join(this.folder, 'config.yaml');
    this.spool = join(this.folder, 'spool');
    this.state = join(this.folder, 'state');
    this.rejected = join(this.folder, 'rejected');
    this.#enter = enter;
    mkdirSync(this.spool);
    openEverything(this.folder);
    this.configure(config);
  }

  /** Opens one above an empty firewall. */
  static async open(options: SandboxOptions = {}): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    if (options.enter === undefined) await clearFirewall();
    return sandbox;
  }

  /** Writes the config file anew. */
  configure(config: Readonly<Record<string, string>>): void {
    const { spool, state, rejected } = this;
    const own = { spool, state, rejected, runtime: this.folder, interval: '1h', iptables: 'nft' };
    const all = { ...own, ...configOfEverything(config), ...config };
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}\n`);
    writeFileSync(this.configPath, lines.join(''));
  }

  /** Has the state in another folder from now on. */
  moveState(state: string): void {
    this.state = state;
    this.configure({});
  }

  /** Has the policy as a person who wrote it before the first pass. */
  writePolicy(text: string): void {
    mkdirSync(this.state, { recursive: true });
    writeFileSync(join(this.state, 'policy.yaml'), withEverything(text));
  }

  /** Delivers a file as rsync does, under its name at once and whole; returns the name. */
  drop(server: string, text: string, name = this.#nextName()): string {
    const temporary = this.dropInPlace(server, text, `.${name}.tmp`);
    renameSync(temporary, join(this.spool, server, name));
    return name;
  }

  /** How many files were delivered. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Writes a file under its final name from the start, as scp does; returns its path. */
  dropInPlace(server: string, text: string, name = this.#nextName()): string {
    mkdirSync(join(this.spool, server), { recursive: true });
    const path = join(this.spool, server, name);
    writeFileSync(path, text);
    return path;
  }

  /** The words of the command line after `banspool`. */
  command(...words: readonly string[]): readonly string[] {
    return [
      ...this.#enter,
      // Without its source map, as where it is installed: to read that takes Node a fifth of its start.
      ...[process.execPath, this.program, ...words],
      ...['--config', this.configPath],
    ];
  }

  /**
   * Runs one command of the program to its end: in this process, which spares the start of a Node, unless root has to
   * become the owner of the state for it. The program as the packages have it is what {@link Sandbox.command} runs.
   */
  async cli(...words: readonly string[]): Promise<Ran> {
    const isElsewhere = this.#enter.length > 0 || this.program !== MAIN || !this.#isOurs();
    if (isElsewhere) return runProgram(this.command(...words));
    // Most tests run none.
    const { main } = await import('../../src/cli/main.ts');
    let [stdout, stderr] = ['', ''];
    const code = await main([...words, '--config', this.configPath], {
      out: (text) => (stdout += text),
      err: (text) => (stderr += text),
      ...{ color: false, isTerminal: false, width: undefined, zone: localZone(process.env) },
      ...{ env: process.env, given: new Given(process.env) },
    });
    return { code, stdout, stderr };
  }

  /** Whether this process may look at the state as it is. */
  #isOurs(): boolean {
    const { uid } = statSync(existsSync(this.state) ? this.state : dirname(this.state));
    return uid === process.geteuid?.();
  }

  /** Starts the controller, and leaves it alone. */
  spawnController(env: Readonly<Record<string, string>> = {}): Child {
    // What it starts has this of its environment too.
    const child = new Child(this.command('run'), { env: { ...process.env, TMPDIR: this.folder, ...env } });
    this.#children.push(child);
    return child;
  }

  /** Starts the controller and waits for its first pass, however that ended. */
  async startController(env: Readonly<Record<string, string>> = {}): Promise<Child> {
    const child = this.spawnController(env);
    await eventually(() => {
      if (child.process.exitCode !== null) throw new Error(`the controller ended: ${child.stderr}`);
      const { pid, lastPass } = this.status();
      if (pid !== child.pid || lastPass === null) throw new Error(`no pass yet: ${child.stderr}`);
    });
    return child;
  }

  /** Intents in the spool, as SERVER/NAME. */
  waiting(): readonly string[] {
    return readdirSync(this.spool).flatMap((server) =>
      readdirSync(join(this.spool, server)).map((name) => `${server}/${name}`),
    );
  }

  /** What the controller wrote down of itself. */
  status(): StatusRecord {
    const record = parseStatusRecord(readStatusFile(join(this.folder, 'status.json')));
    if (record === undefined) throw new Error('there is no status.json');
    return record;
  }

  /** Runs git on the state, as a person does. */
  async git(...args: readonly string[]): Promise<string> {
    const identity = ['-c', 'user.name=A Person', '-c', 'user.email=person@example.net'];
    return outputOf(['git', '-C', this.state, ...identity, ...args]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) await child[Symbol.asyncDispose]();
    await this.#endLeft();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A controller that is killed leaves git or iptables at work, on this folder or on the next test's firewall. */
  async #endLeft(): Promise<void> {
    await eventually(() => {
      const left = processesWith(`TMPDIR=${this.folder}`);
      for (const pid of left) process.kill(pid, 'SIGKILL');
      if (left.length > 0) throw new Error(`still running: ${left.join()}`);
    });
  }

  /** Names sort by time, as senders' do. */
  #nextName(): string {
    this.#dropped += 1;
    return `${Date.now()}000000-${process.pid}-${String(this.#dropped).padStart(6, '0')}.yaml`;
  }
}
