/**
 * Shares bans with other firewalls: takes in the publications of peers, and publishes the bans of this firewall.
 * Without `fleet` in the config it does nothing, and forgets everything that it took in before.
 */
import { forgetPeers, hearPeers } from '../claims/hear.ts';
import { keepLifts, LONGEST_MEMORY_MS } from '../claims/keep-lifts.ts';
import type { State } from '../claims/state.ts';
import type { FleetConfig } from '../config/config.ts';
import type { Grounds } from '../desired/conclude.ts';
import type { Problem } from '../domain/conditions.ts';
import type { Policy } from '../policy/policy.ts';
import type { World } from '../world/world.ts';
import { contactProblems, readContact, stampOfContact, type Contact } from './contact.ts';
import { limitLifts } from './limit-lifts.ts';
import { Listener } from './listener.ts';
import { Publisher } from './publisher.ts';

interface HearOptions {
  readonly policy: Policy;
  readonly now: number;
  /** A full pass: it tries refused lines again. */
  readonly isFull: boolean;
}

const DAY_MS = 24 * 3600 * 1000;

export class Fleet {
  readonly publisher: Publisher;
  readonly listener: Listener;
  readonly #world: Pick<World, 'config' | 'files'>;
  readonly #isMember: boolean;
  #contact: Contact | undefined;
  /** The policy to which lifts were held in the last pass, and in the last one that is on the disk. */
  readonly #limitedBy: { heard?: Policy; saved?: Policy | undefined } = {};
  #contactStamp: string | undefined;

  constructor(world: Pick<World, 'config' | 'files' | 'run'>) {
    this.publisher = new Publisher(world);
    this.listener = new Listener(world);
    this.#world = world;
    this.#isMember = world.config.fleet !== undefined;
  }

  /**
   * The shortest time for which an operator's unban is remembered, in milliseconds: the longest ban of a peer, so that
   * a peer that was cut off still receives it. If such a ban has no end, it is a year. It is at least a day: while a
   * peer is away, {@link keepLifts} extends it.
   */
  liftMemory({ peers }: Policy): number {
    if (!this.#isMember || peers.size === 0) return 0;
    const lengths = Array.from(peers.values(), ({ bantime }) =>
      bantime === Infinity ? LONGEST_MEMORY_MS : bantime,
    );
    return Math.max(DAY_MS, ...lengths);
  }

  /** The state with what peers say now, and without what they may say no more by this policy. */
  async hear(state: State, { policy, now, isFull }: HearOptions): Promise<State> {
    await this.#readContact();
    const known = forgetPeers(state, (peer) => this.#isMember && policy.peers.has(peer));
    const limited = this.#limitedBy.saved === policy ? known : limitLifts(known, policy.peers);
    this.#limitedBy.heard = policy;
    const publications = await this.listener.hear({ state: limited, policy, now, isFull });
    const heard = hearPeers(limited, publications, now);
    return this.#isMember ? keepLifts(heard, now) : heard;
  }

  /** True if peers published something since the last reading, or the mover wrote contact.json. */
  hasNews(): boolean {
    return this.#stampOfContact() !== this.#contactStamp || this.listener.hasNews();
  }

  /** Call it when the state that {@link hear} returned is on the disk. */
  noteSaved(): void {
    this.listener.noteSaved();
    this.#limitedBy.saved = this.#limitedBy.heard;
  }

  /** Publishes the changes of a state that is on disk; see {@link Publisher.publish}. */
  async publish(state: State, grounds: Grounds, atOnce: boolean): Promise<readonly Problem[]> {
    return this.publisher.publish(state, grounds, { atOnce });
  }

  /** The problems of peers, of the mover, and of its contact with the hub. */
  problems(now: number): readonly Problem[] {
    const { fleet } = this.#world.config;
    const way =
      fleet !== undefined && hasMover(fleet)
        ? contactProblems(this.#contact, { folder: fleet.folder, now })
        : [];
    return [...way, ...this.listener.problems(now)];
  }

  async #readContact(): Promise<void> {
    const { fleet } = this.#world.config;
    if (fleet === undefined || !hasMover(fleet)) return;
    this.#contactStamp = this.#stampOfContact();
    this.#contact = await readContact(this.#world.files, fleet.folder);
  }

  #stampOfContact(): string | undefined {
    const { config, files } = this.#world;
    const { fleet } = config;
    return fleet !== undefined && hasMover(fleet) ? stampOfContact(files, fleet.folder) : undefined;
  }
}

/** With engine `folder`, a program that banspool does not know carries the files. */
function hasMover({ engine }: FleetConfig): boolean {
  return engine !== 'folder';
}
