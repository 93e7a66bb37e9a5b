/**
 * The keeper of what is shared with other firewalls: hears peers, and tells them. Without `fleet` in the config it does
 * nothing, and forgets what peers said before.
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
  /** Tries again what was beyond the limits. */
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
   * How long an operator's unban is remembered at the least, in milliseconds: for as long as a peer's ban may last, so
   * that a peer that was cut off hears of it when it is back. Where that has no end it is a year. It is a day where no
   * ban lasts so long: then {@link keepLifts} knows who is away.
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

  /** True when peers published something since they were heard, or the mover wrote down what it knows of the hub. */
  hasNews(): boolean {
    return this.#stampOfContact() !== this.#contactStamp || this.listener.hasNews();
  }

  /** To be called when the state that {@link hear} gave is on the disk. */
  noteSaved(): void {
    this.listener.noteSaved();
    this.#limitedBy.saved = this.#limitedBy.heard;
  }

  /** Tells peers what changed, once it is on disk; see {@link Publisher.publish}. */
  async publish(state: State, grounds: Grounds, atOnce: boolean): Promise<readonly Problem[]> {
    return this.publisher.publish(state, grounds, { atOnce });
  }

  /** What is wrong with peers, and with the way to them. */
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

/** With another engine a program that banspool does not know carries what is published. */
function hasMover({ engine }: FleetConfig): boolean {
  return engine !== 'folder';
}
