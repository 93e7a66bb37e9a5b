/**
 * Writes RUNTIME/fetch.json after passes, when the policy wants other lists than those that are written there. Where
 * no list comes from the network there is no such file. What cannot be written is tried again after the next pass.
 */
import { join } from 'node:path';
import type { Memory } from '../pass/memory.ts';
import type { PassObserver } from '../pass/observer.ts';
import type { ListPolicy } from '../policy/list-schema.ts';
import { messageOf } from '../system/error.ts';
import { readStatusFile, writeStatusFile } from '../system/files/status-file.ts';
import type { World } from '../world/world.ts';
import { encodeOrders, ordersOf } from './orders.ts';

type Needs = Pick<World, 'config' | 'files' | 'log'>;

export function ordersPath({ runtime }: Pick<World['config'], 'runtime'>): string {
  return join(runtime, 'fetch.json');
}

export class OrderWriter implements PassObserver {
  readonly #world: Needs;
  readonly #memory: Pick<Memory, 'ledger'>;
  /** Those that are written. The same policy has the same ones. */
  #written: readonly ListPolicy[] | undefined;
  /** What was logged last. */
  #trouble: string | undefined;

  constructor(world: Needs, memory: Pick<Memory, 'ledger'>) {
    this.#world = world;
    this.#memory = memory;
  }

  passed(): void {
    const { lists } = this.#memory.ledger.policy.value;
    if (lists === this.#written) return;
    try {
      this.#write(lists);
      this.#written = lists;
      this.#trouble = undefined;
    } catch (error) {
      const trouble = `cannot tell the fetcher which lists to fetch: ${messageOf(error)}`;
      if (trouble !== this.#trouble) this.#world.log.error(trouble);
      this.#trouble = trouble;
    }
  }

  failed(): void {
    // What was wanted is wanted still.
  }

  #write(lists: readonly ListPolicy[]): void {
    const path = ordersPath(this.#world.config);
    const orders = ordersOf(lists);
    if (orders.length === 0) {
      this.#world.files.removeNow(path);
      return;
    }
    const text = encodeOrders(orders);
    // URLs may hold secrets: it is read by who may read status.json.
    if (readStatusFile(path)?.trimEnd() !== text.trimEnd()) writeStatusFile(path, text);
  }
}
