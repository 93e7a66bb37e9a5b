/** A Debian with systemd as PID 1, booted by systemd-nspawn on the bridge. Its disk is a layer above the tree's. */
import { mkdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { killCgroup, removeCgroup } from './cgroup.ts';
import { configure } from './configure.ts';
import { BRIDGE, type MachineName } from './network.ts';

/** On two busy cores it takes 5 to 15 s. */
const BOOT_MS = 90_000;

/** apt with nodejs and git takes half a minute. */
const COMMAND_MS = 180_000;

const ENVIRONMENT = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LANG=C.UTF-8',
  'DEBIAN_FRONTEND=noninteractive',
];

export interface MachineOptions {
  readonly name: MachineName;
  /** The Debian that it begins as. */
  readonly tree: string;
  /** Folder of the packages; /root/debs in the machine. */
  readonly packages: string;
  /** The cgroup of all machines. */
  readonly cgroup: string;
}

export class Machine {
  readonly name: MachineName;
  readonly #argv: readonly string[];
  readonly #cgroup: string;
  #nspawn: Child;

  private constructor({ name, packages, cgroup }: MachineOptions, root: string) {
    this.name = name;
    // Machines in one cgroup would end each other's processes.
    this.#cgroup = join(cgroup, name);
    mkdirSync(this.#cgroup, { recursive: true });
    this.#argv = [
      ...['sh', '-ec', 'echo $$ >"$1/cgroup.procs"; shift; exec "$@"', 'sh', this.#cgroup],
      ...['systemd-nspawn', '--boot', '--register=no', '--keep-unit', '--console=read-only'],
      ...[`--machine=${name}`, `--directory=${root}`, `--network-bridge=${BRIDGE}`],
      `--bind-ro=${packages}:/root/debs`,
    ];
    this.#nspawn = this.#powerOn();
  }

  /** Boots one from the tree and waits until it is up. */
  static async boot(options: MachineOptions): Promise<Machine> {
    const folder = join('/run/machines', options.name);
    const root = join(folder, 'root');
    for (const part of ['root', 'upper', 'work']) mkdirSync(join(folder, part), { recursive: true });
    const layers = `lowerdir=${options.tree},upperdir=${folder}/upper,workdir=${folder}/work`;
    await outputOf(['mount', '-t', 'overlay', 'overlay', '-o', layers, root]);
    configure(options.name, root);
    const machine = new Machine(options, root);
    await machine.#untilUp();
    return machine;
  }

  /** Runs a program in there, as root. */
  async run(...argv: readonly string[]): Promise<Ran> {
    return runProgram([...this.#enter(), 'env', '-i', ...ENVIRONMENT, ...argv], { timeLimitMs: COMMAND_MS });
  }

  /** What a program printed that must succeed; a single argument is for the shell, as a person would type it. */
  async output(...argv: readonly string[]): Promise<string> {
    const command = argv.length === 1 ? ['bash', '-e', '-c', ...argv, 'bash'] : argv;
    const ran = await this.run(...command);
    assert.is(
      ran.code,
      0,
      `${this.name}: ${argv.join(' ')}: exit code ${ran.code}\n${ran.stdout}${ran.stderr}`,
    );
    return ran.stdout.trimEnd();
  }

  /** A property of a unit, as systemctl shows it. */
  async property(unit: string, name: string): Promise<string> {
    return this.output('systemctl', 'show', '--property', name, '--value', unit);
  }

  /** Reboots, and waits until it is up again. */
  async reboot(): Promise<void> {
    await this.#untilOff(() => this.run('systemctl', 'reboot'));
    await this.powerOnAgain();
  }

  /** Pulls the plug. */
  async cutPower(): Promise<void> {
    await this.#untilOff(() => {
      killCgroup(this.#cgroup);
    });
    // Once it was killed as a whole, what is started in it may be killed too: each time another.
    await eventually(() => {
      removeCgroup(this.#cgroup);
    });
    mkdirSync(this.#cgroup);
  }

  /** Puts it in again, and waits until it is up. */
  async powerOnAgain(): Promise<void> {
    this.#nspawn = this.#powerOn();
    await this.#untilUp();
  }

  /**
   * A kernel that takes a network namespace down unhooks its filter before its interfaces, and forwards for a
   * millisecond what was dropped until then. No machine of its own does that: so this network stays until its cable is
   * pulled, by nspawn, or by us where nspawn lost its power too.
   */
  async #untilOff(switchOff: () => unknown): Promise<void> {
    const pid = this.#initPid();
    const network = pid === undefined ? undefined : await open(`/proc/${pid}/ns/net`);
    await switchOff();
    await this.#nspawn.ended;
    await runProgram(['ip', 'link', 'delete', `vb-${this.name}`]);
    await network?.close();
  }

  #powerOn(): Child {
    return new Child(this.#argv, { env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' } });
  }

  /** Resolves when systemd has started all that it is to start. */
  async #untilUp(): Promise<void> {
    await eventually(async () => {
      const { stdout } = await this.run('systemctl', 'is-system-running');
      assert.match(stdout, /^(running|degraded)$/m);
    }, BOOT_MS);
  }

  #enter(): readonly string[] {
    const pid = this.#initPid();
    if (pid === undefined) throw new Error(`${this.name} is not running: ${this.#nspawn.stderr}`);
    return ['nsenter', '--target', pid, '-m', '-u', '-i', '-n', '-p', '-C', '--root', '--wd', '--'];
  }

  /** Of its PID 1, as seen from here; undefined while there is none. */
  #initPid(): string | undefined {
    const { pid } = this.#nspawn;
    try {
      return /\d+/.exec(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))?.[0];
    } catch {
      return undefined;
    }
  }
}
