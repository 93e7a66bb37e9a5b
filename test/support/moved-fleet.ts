/** Firewalls that share a git repository, with movers that move when a test says so, in the test's own process. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConfig, type FleetConfig } from '../../src/config/config.ts';
import { encodeContact } from '../../src/fleet/contact.ts';
import { GitMover } from '../../src/mover/git/git-mover.ts';
import { messageOf } from '../../src/system/error.ts';
import { files } from '../../src/system/files/files.ts';
import { run } from '../../src/system/processes/run.ts';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import type { World } from '../../src/world/world.ts';
import { iptablesRules } from './firewall.ts';
import { FleetOfSandboxes } from './fleet.ts';
import { makePass, worldOf } from './pass.ts';
import type { Sandbox } from './sandbox.ts';

export class MovedFleet implements AsyncDisposable {
  readonly names: readonly string[];
  readonly sandboxes: FleetOfSandboxes;
  readonly #movers = new Map<string, GitMover>();
  readonly #memories = new Map<string, Memory>();

  private constructor(names: readonly string[], sandboxes: FleetOfSandboxes) {
    this.names = names;
    this.sandboxes = sandboxes;
  }

  static async open(names: readonly string[]): Promise<MovedFleet> {
    return new MovedFleet(names, await FleetOfSandboxes.openOnGit(names));
  }

  get hub(): string {
    return this.sandboxes.hub;
  }

  at(name: string): Sandbox {
    return this.sandboxes.at(name);
  }

  configOf(name: string): FleetConfig {
    const read = readConfig(readFileSync(this.at(name).configPath, 'utf8'));
    if (read.kind === 'mistakes' || read.config.fleet === undefined) throw new Error(`${name} has no fleet`);
    return read.config.fleet;
  }

  /** A new mover, which knows what is on the disk alone. */
  restartMover(name: string, world: Pick<World, 'files' | 'run'> = { files, run }): GitMover {
    const mover = new GitMover(world, this.configOf(name), this.hub);
    this.#movers.set(name, mover);
    return mover;
  }

  /** One round of the mover, which writes down what failed. */
  async move(name: string): Promise<string | undefined> {
    const mover = this.#movers.get(name) ?? this.restartMover(name);
    let failure: string | undefined;
    const note = (error: unknown): undefined => void (failure = messageOf(error));
    await mover.push().catch(note);
    await mover.fetch().catch(note);
    const path = join(this.configOf(name).folder, 'mover/contact.json');
    mkdirSync(dirname(path), { recursive: true });
    await files.write(path, encodeContact({ at: Date.now(), failure }));
    return failure;
  }

  /** A pass, for which what came before is no copy under way. */
  async look(name: string): Promise<void> {
    for (const peer of this.names)
      for (const file of ['peer.yaml', 'peer.yaml.sig']) {
        const path = join(this.sandboxes.inbox(name, peer), file);
        if (existsSync(path)) FleetOfSandboxes.age(path);
      }
    await this.at(name).cli('reconcile');
  }

  /** A quick pass, as of a controller that goes on. */
  async pass(name: string): Promise<void> {
    const world = worldOf(this.at(name));
    const memory = this.#memories.get(name) ?? freshMemory(world);
    this.#memories.set(name, memory);
    await makePass(world, memory, 'quick');
  }

  /** A pass, what it published on its way, and a pass where it arrives. */
  async bring(from: string, to: string): Promise<void> {
    await this.at(from).cli('reconcile');
    for (const name of [from, to]) await this.move(name);
    await this.look(to);
  }

  /** The rules that drop, by the kernel's word. */
  async dropped(name: string): Promise<readonly string[]> {
    return (await iptablesRules()).filter(
      (rule) => rule.startsWith(`-A ${name}-`) && rule.endsWith('-j DROP'),
    );
  }

  /** Those of these rules that stand no more. */
  async liftedSince(name: string, before: readonly string[]): Promise<readonly string[]> {
    const now = new Set(await this.dropped(name));
    return before.filter((rule) => !now.has(rule));
  }

  /** `PeersTrusted BadSignature` of each condition that is false. */
  falseAt(name: string): readonly string[] {
    const { conditions } = this.at(name).status();
    return conditions
      .filter(({ status }) => status === 'False')
      .map(({ type, reason }) => `${type} ${reason}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandboxes[Symbol.asyncDispose]();
  }
}
