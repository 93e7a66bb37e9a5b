/**
 * Several firewalls that share their bans, with one kernel: each has chains of a prefix of its own. What one publishes
 * is carried to another by rsync, when a test says so.
 */
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.ts';
import { outputOf } from './run-program.ts';
import { Sandbox } from './sandbox.ts';

interface FleetOptions {
  /** Lines of each policy ahead of `peers`. */
  readonly policy?: string;
  /** More limits of every peer, such as `claims: 2`. */
  readonly limits?: string;
}

export class FleetOfSandboxes implements AsyncDisposable {
  readonly #members: ReadonlyMap<string, Sandbox>;
  readonly #movers: Child[] = [];

  private constructor(members: ReadonlyMap<string, Sandbox>) {
    this.#members = members;
  }

  /** Opens firewalls of these names, each of which has all others as its peers. */
  static async open(
    names: readonly string[],
    { policy = '', limits = '' }: FleetOptions = {},
  ): Promise<FleetOfSandboxes> {
    const members = new Map<string, Sandbox>();
    for (const name of names) {
      const sandbox = await Sandbox.open();
      const folder = join(sandbox.folder, 'fleet');
      const key = join(sandbox.folder, 'fleet_key');
      await outputOf(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key]);
      sandbox.configure({
        chainPrefix: `${name}-`,
        fleet: `{ name: ${name}, folder: ${folder}, key: ${key} }`,
      });
      mkdirSync(join(folder, 'in'), { recursive: true });
      members.set(name, sandbox);
    }
    const fleet = new FleetOfSandboxes(members);
    for (const name of names) fleet.at(name).writePolicy(`${policy}${fleet.peersOf(name, limits)}`);
    return fleet;
  }

  /** The same with a repository that they share; nothing moves before {@link startMover}. */
  static async openOnGit(names: readonly string[], options: FleetOptions = {}): Promise<FleetOfSandboxes> {
    const fleet = await FleetOfSandboxes.open(names, options);
    await outputOf(['git', 'init', '--quiet', '--bare', fleet.hub]);
    fleet.#carryBy(() => ({ engine: 'git', remote: fleet.hub, every: '1s' }));
    return fleet;
  }

  /** The same with a server, which `keysOf` says how to reach. */
  static async openOnValkey(
    names: readonly string[],
    keysOf: (name: string) => Readonly<Record<string, string>>,
  ): Promise<FleetOfSandboxes> {
    const fleet = await FleetOfSandboxes.open(names);
    fleet.#carryBy((name) => ({ engine: 'valkey', every: '1s', ...keysOf(name) }));
    return fleet;
  }

  #carryBy(keysOf: (name: string) => Readonly<Record<string, string>>): void {
    for (const [name, sandbox] of this.#members) {
      const { folder } = sandbox;
      const own = { name, folder: join(folder, 'fleet'), key: join(folder, 'fleet_key') };
      sandbox.configure({ chainPrefix: `${name}-`, fleet: JSON.stringify({ ...own, ...keysOf(name) }) });
    }
  }

  /** The repository. */
  get hub(): string {
    const [first] = this.#members.values();
    return join(first?.folder ?? '', 'hub.git');
  }

  startMover(name: string): Child {
    const child = new Child(this.at(name).command('fleet'));
    this.#movers.push(child);
    return child;
  }

  at(name: string): Sandbox {
    const sandbox = this.#members.get(name);
    if (sandbox === undefined) throw new Error(`there is no firewall ${name}`);
    return sandbox;
  }

  /** The part of its policy that names all others. */
  peersOf(name: string, limits = ''): string {
    const others = Array.from(this.#members.keys()).filter((other) => other !== name);
    const more = limits === '' ? '' : `, ${limits}`;
    const lines = others.map((other) => `  ${other}: { key: "${this.keyOf(other)}"${more} }\n`);
    return others.length === 0 ? '' : `peers:\n${lines.join('')}`;
  }

  /** Its public key. */
  keyOf(name: string): string {
    return readFileSync(join(this.at(name).folder, 'fleet_key.pub'), 'utf8').trim();
  }

  /** Where one firewall has what another published. */
  inbox(name: string, peer: string): string {
    return join(this.at(name).folder, 'fleet/in', peer);
  }

  outbox(name: string): string {
    return join(this.at(name).folder, 'fleet/out');
  }

  /**
   * Brings what one published to another, as it is. Two publications of a second may have files of one size: rsync
   * compares fractions of seconds only if it is told to.
   */
  async carry(from: string, to: string): Promise<void> {
    await outputOf([
      'rsync',
      '-rlt',
      '--modify-window=-1',
      '--delete',
      `${this.outbox(from)}/`,
      this.inbox(to, from),
    ]);
  }

  /** Makes a pass on each of these, and carries what each published to all others. */
  async exchange(...names: readonly string[]): Promise<void> {
    for (const name of names) await this.at(name).cli('reconcile');
    for (const from of names) for (const to of names) if (from !== to) await this.carry(from, to);
    for (const name of names) await this.at(name).cli('reconcile');
  }

  /** What is banned there: `203.0.113.7 sshd by fw2/web1`. */
  async bans(name: string): Promise<readonly string[]> {
    const { stdout } = await this.at(name).cli('list', '--json');
    const { bans } = JSON.parse(stdout) as {
      bans: { ip: string; jail: string; claims: { server: string }[] }[];
    };
    return bans.map(
      ({ ip, jail, claims }) => `${ip} ${jail} by ${claims.map(({ server }) => server).join(', ')}`,
    );
  }

  /** Has a file there hold another text. */
  static rewrite(path: string, change: (text: string) => string): void {
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    FleetOfSandboxes.age(path);
  }

  /** Has it look as if it was written a minute ago. */
  static age(path: string): void {
    const time = Date.now() / 1000 - 60;
    utimesSync(path, time, time);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const mover of this.#movers) await mover[Symbol.asyncDispose]();
    for (const sandbox of this.#members.values()) await sandbox[Symbol.asyncDispose]();
  }
}
