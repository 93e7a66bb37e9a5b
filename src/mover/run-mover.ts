/**
 * The loop of the mover, whatever the engine: pushes when this firewall published something, and fetches when the bell
 * of the hub rings, or every so often. Whatever fails is written down for the controller, and tried again.
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

/** So that firewalls do not all come at once: a fifth more or less. */
const JITTER = 0.2;

/** After a failure: two seconds, doubled each time, up to a minute. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** So often it writes down that it runs, however seldom it asks the hub. */
const SIGN_OF_LIFE_MS = 60_000;

/** Where publications are written one after the other, this is how long a half written one is waited for. */
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
      // What was pushed since the line was lost rang nothing.
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

/** What V8 would keep as garbage is 4 MB of the mover's 64 MB; to look for it takes 70 ms. */
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

/** What is known of the hub, written down where the controller looks. */
class Contact {
  readonly #world: Needs;
  readonly #path: string;
  /** Why each failed last: a push that has nothing to say does not reach the hub. */
  readonly #failures: { push?: string | undefined; fetch?: string | undefined } = {};
  #failure: string | undefined;
  #told = '';

  constructor(world: Needs, { folder }: FleetConfig) {
    this.#world = world;
    this.#path = join(folder, 'mover/contact.json');
  }

  /** True where the hub was not reached the last time. */
  get isFailing(): boolean {
    return this.#failures.push !== undefined || this.#failures.fetch !== undefined;
  }

  /** Does `work`; undefined where it fails. */
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
    // Once a minute at the most, where nothing changed.
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
