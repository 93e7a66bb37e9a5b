/**
 * The loop of the mover, for every engine: pushes when this firewall published something, and fetches when the bell of
 * the hub rings, or `every` after the last fetch. It writes failures to contact.json for the controller, and retries.
 */
import { dirname, join } from 'node:path';
import type { FleetConfig } from '../config/config.ts';
import { Bell } from '../system/bell.ts';
import { messageOf } from '../system/error.ts';
import { openDoorbell } from '../system/watch.ts';
import type { World } from '../world/world.ts';
import { encodeContact } from '../fleet/contact.ts';
import type { Engine } from './mover.ts';

type Needs = Pick<World, 'files' | 'log' | 'now' | 'collectGarbage'>;

interface MoverOptions {
  readonly fleet: FleetConfig;
  readonly engine: Engine;
  readonly signal: AbortSignal;
}

/** Varies `every` by a fifth, so that firewalls do not all fetch at the same time. */
const JITTER = 0.2;

/** After a failure: 2 s, doubled each time, up to 60 s. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** It writes contact.json at least this often, also if `every` is longer. */
const SIGN_OF_LIFE_MS = 60_000;

/** How long it waits for an incomplete publication before it tries again. */
const RETRY_PUSH_MS = 200;

/** Runs until `signal`. */
export async function runMover(world: Needs, options: MoverOptions): Promise<void> {
  const { fleet, engine, signal } = options;
  const bell = new Bell();
  let isRung = true;
  const out = join(fleet.folder, 'out');
  const watch = openDoorbell({
    folders: [out],
    depth: 0,
    ring: () => {
      bell.ring();
    },
    warn: world.log.warn,
  });
  const fetchSoon = (): void => {
    isRung = true;
    bell.ring();
  };
  const line = engine.openBell({
    heard: fetchSoon,
    ended: (why) => {
      world.log.warn(`the bell of the hub is silent: ${why}; fetching every ${fleet.every / 1000} s`);
      // The bell did not ring for pushes since the connection ended.
      fetchSoon();
    },
  });
  signal.addEventListener('abort', () => {
    bell.ring();
  });
  const contact = new Contact(world, fleet);
  const giveBack = onceAMinute(world.now, world.collectGarbage);
  let nextFetch = 0;
  let retry = FIRST_RETRY_MS;
  try {
    while (!signal.aborted) {
      watch.rearm([out]);
      const isWhole = await contact.try('push', () => engine.push());
      if (isRung || performance.now() >= nextFetch) {
        isRung = false;
        await contact.try('fetch', () => engine.fetch());
        giveBack();
        retry = contact.isFailing ? Math.min(retry * 2, MAX_RETRY_MS) : FIRST_RETRY_MS;
        const pause = contact.isFailing ? Math.min(retry, fleet.every) : fleet.every;
        nextFetch = performance.now() + pause * (1 + JITTER * (2 * Math.random() - 1));
      }
      if (contact.isFailing) nextFetch = Math.min(nextFetch, performance.now() + retry);
      const wait = Math.min(nextFetch - performance.now(), SIGN_OF_LIFE_MS);
      await bell.wait(isWhole === false ? Math.min(wait, RETRY_PUSH_MS) : wait);
    }
  } finally {
    line?.close();
    engine.close();
    await watch.close();
  }
}

/** V8 would keep 4 MB of garbage in the mover's 64 MB; a collection takes 70 ms. */
function onceAMinute(now: () => number, collect: () => void): () => void {
  let last: number | undefined;
  return () => {
    const minute = minuteOf(now());
    if (minute === last) return;
    last = minute;
    collect();
  };
}

const minuteOf = (time: number): number => Math.floor(time / 60_000);

/** Writes contact.json: whether the hub was reached. */
class Contact {
  readonly #world: Needs;
  readonly #path: string;
  /** The last failure of each: a push without changes does not reach the hub, so it does not clear a failed fetch. */
  readonly #failures: { push?: string | undefined; fetch?: string | undefined } = {};
  #failure: string | undefined;
  #told = '';

  constructor(world: Needs, { folder }: FleetConfig) {
    this.#world = world;
    this.#path = join(folder, 'mover/contact.json');
  }

  /** True if the last push or fetch failed. */
  get isFailing(): boolean {
    return this.#failures.push !== undefined || this.#failures.fetch !== undefined;
  }

  /** Runs `work`; undefined if it fails. */
  async try<T>(what: 'push' | 'fetch', work: () => Promise<T>): Promise<T | undefined> {
    const note = async (failure: string | undefined): Promise<void> => {
      this.#failures[what] = failure;
      await this.#note(this.#failures.fetch ?? this.#failures.push);
    };
    try {
      const done = await work();
      await note(undefined);
      return done;
    } catch (error) {
      await note(messageOf(error));
      return undefined;
    }
  }

  async #note(failure: string | undefined): Promise<void> {
    const { files, log, now } = this.#world;
    if (failure !== this.#failure) {
      if (failure === undefined) log.info('the hub is reached again');
      else log.warn(`the hub is not reached: ${failure}`);
    }
    this.#failure = failure;
    // Without a change, at most once a minute.
    const told = `${minuteOf(now())} ${failure ?? ''}`;
    if (told === this.#told) return;
    this.#told = told;
    try {
      await files.makeFolder(dirname(this.#path));
      await files.write(this.#path, encodeContact({ at: now(), failure }));
    } catch (error) {
      log.warn(messageOf(error));
    }
  }
}
