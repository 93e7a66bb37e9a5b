/**
 * Enforces what the watches told of, ahead of the pass that looks at everything: so no ban waits for folders to be
 * listed, nor, where one follows another, for git. It goes by what the last pass read and concluded, as after a pass
 * that was stopped once its bans were in force; the pass that follows reads the same files, judges anew, keeps them
 * and tells of them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { foldWith } from '../claims/fold.ts';
import type { State } from '../claims/state.ts';
import type { Concluder } from '../desired/concluder.ts';
import { memoryOfRules } from '../escalation/memory-of-rules.ts';
import type { Firewall, EnforcedAll } from '../firewall/firewall.ts';
import type { Repair } from '../firewall/repairs.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Spool } from '../spool/spool.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import type { World } from '../world/world.ts';
import type { Begun } from './beginning.ts';
import type { Inputs } from './load-inputs.ts';

interface Keepers {
  readonly spool: Spool;
  readonly ledger: Ledger;
  readonly firewall: Firewall;
  readonly concluder: Concluder;
  readonly fleet: Fleet;
}

/** What a pass judged by, and came to. */
interface Grounds {
  readonly inputs: Inputs;
  /** With all that was enforced since. */
  readonly state: State;
  readonly tools: Tools;
}

interface Pass {
  readonly begun: Pick<Begun, 'pending' | 'untouched'>;
  readonly enforced: EnforcedAll;
}

/** What was done since a pass told of it. */
export type Done = Pick<EnforcedAll, 'changes' | 'drift'> & { readonly repairs: readonly Repair[] };

/**
 * Bans 20 ms apart take half of the processor's time with it, and with twice as much a tenth less. What is not read
 * ahead, such as a long list, waits so much longer.
 */
const ROW_REST_MS = 50;

const NOTHING: Done = { changes: [], drift: [], repairs: [] };

export class FastPath {
  readonly #world: Pick<World, 'config' | 'now'>;
  readonly #keepers: Keepers;
  /** Undefined where nothing may be enforced ahead. */
  #grounds: Grounds | undefined;
  #done = NOTHING;
  #isBeside = false;
  #running: Promise<void> | undefined;

  constructor(world: Pick<World, 'config' | 'now'>, keepers: Keepers) {
    this.#world = world;
    this.#keepers = keepers;
  }

  /**
   * At the beginning of a pass: enforces what was heard of by then. `isShared`: another process may have made passes
   * since, so that nothing is known.
   */
  async enforce(isShared: boolean): Promise<void> {
    if (isShared) this.#grounds = undefined;
    // What fails here the pass meets as well, and tells of it. One that fails itself leaves nothing to go by.
    await this.#advance().catch(() => undefined);
    this.#grounds = undefined;
  }

  /** A pass has enforced this, with what was done ahead of it: here it is told as the pass's own. */
  passed(grounds: Grounds, { begun, enforced }: Pass): Done {
    const isAllOurs = begun.pending.size + begun.untouched.size === 0 && !enforced.isBlocked;
    if (isAllOurs && this.#world.config.mode === 'enforce') this.#grounds = grounds;
    const { changes, drift, repairs } = this.#done;
    this.#done = NOTHING;
    return {
      changes: [...enforced.changes, ...changes],
      drift: [...enforced.drift, ...drift],
      repairs: [...this.#keepers.firewall.repairsOf(enforced), ...repairs],
    };
  }

  /** Does the rest of a pass, and enforces meanwhile what is heard of; all of it has ended when this has. */
  async beside<T>(work: () => Promise<T>): Promise<T> {
    this.#isBeside = true;
    void this.heard();
    try {
      return await work();
    } finally {
      this.#isBeside = false;
      await this.#running;
    }
  }

  /**
   * At the end of a pass beside which something was enforced: bans come in a row, and each is enforced as it comes. A
   * commit may keep several, so the next pass waits for a moment; in a flood, which is not read ahead, it does not.
   * Gives the pass back.
   */
  async rest<T>(pass: T): Promise<T> {
    const { ahead, inbox } = this.#keepers.spool;
    if (ahead.size > 0 && inbox.crowd.size === 0) await this.beside(() => delay(ROW_REST_MS));
    return pass;
  }

  /**
   * To be called when the watches told of a file. Resolves when that is enforced, or left to the pass that follows;
   * undefined where it is left at once.
   */
  heard(): Promise<void> | undefined {
    if (this.#running !== undefined || this.#grounds === undefined) return this.#running;
    const { ledger } = this.#keepers;
    const running = this.#isBeside ? this.#tried(true) : ledger.holdAgain(() => this.#tried(false));
    this.#running = running?.then(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when nothing is enforced any more that {@link heard} began. */
  async end(): Promise<void> {
    this.#grounds = undefined;
    await this.#running;
  }

  /** What fails here the pass that follows meets as well, and tells of it. */
  async #tried(goesOn: boolean): Promise<void> {
    try {
      await (goesOn ? this.#advanceOn() : this.#advance());
    } catch {
      this.#grounds = undefined;
    }
  }

  async #advanceOn(): Promise<void> {
    while (this.#isBeside && (await this.#advance()));
  }

  /** True where it enforced something: more may have been heard of meanwhile. */
  async #advance(): Promise<boolean> {
    const grounds = this.#grounds;
    if (grounds === undefined || !this.#isTrusted()) return false;
    const { spool, concluder, firewall, fleet } = this.#keepers;
    const { inputs, state, tools } = grounds;
    const { policy } = inputs;
    const now = this.#world.now();
    const { sent, files } = spool.readAhead({ ...inputs, state, now });
    if (sent.length === 0) return false;
    const memory = { liftMemory: fleet.liftMemory(policy), seenMemory: memoryOfRules(policy.escalate) };
    const folded = foldWith(state, sent, { now, ...memory });
    const conclusion = concluder.conclude(folded, { ...inputs, now });
    this.#grounds = { ...grounds, state: folded };
    const nothing = { pending: new Map(), untouched: new Set<never>() };
    const enforced = await firewall.enforce({ ...nothing, conclusion, tools, kind: 'quick' });
    spool.ahead.add(files.map((file) => ({ ...file, enforcedAt: this.#world.now() })));
    await firewall.endFlows('quick', enforced.changes);
    const { changes, drift, repairs } = this.#done;
    this.#done = {
      changes: [...changes, ...enforced.changes],
      drift: [...drift, ...enforced.drift],
      repairs: [...repairs, ...firewall.repairsOf(enforced)],
    };
    return true;
  }

  /** What is known to have changed since is read first; what a person edits without our knowing, once a ban stands. */
  #isTrusted(): boolean {
    const { ledger, firewall } = this.#keepers;
    if (ledger.isSuspect || ledger.policy.isStale()) return false;
    return !firewall.isHanging && !firewall.drift.isDue(performance.now());
  }
}
