/** The bell of a Valkey server: a separate connection, which is opened again with growing pauses. */
import { messageOf } from '../../system/error.ts';
import type { ValkeyConnection } from '../../system/valkey.ts';
import type { Ringing } from '../mover.ts';
import { BELL } from './valkey-store.ts';

interface BellOptions {
  /** The name of this firewall, whose own publications do not ring. */
  readonly name: string;
  readonly connect: (ended: (why: string) => void) => Promise<ValkeyConnection>;
  readonly pingMs?: number;
}

/** Between pings: a stopped or lost server is as quiet as one without news. */
const PING_MS = 10_000;

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

/** The shortest time between two rings, also if messages arrive without pause. */
const HEARD_EVERY_MS = 100;

/** Listens until it is closed. */
export class ValkeyBell {
  readonly #name: string;
  readonly #connect: BellOptions['connect'];
  readonly #ringing: Ringing;
  readonly #pings: NodeJS.Timeout;
  #connection: ValkeyConnection | undefined;
  #wait = FIRST_WAIT_MS;
  #again: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;
  #lastHeard = -Infinity;
  #isClosed = false;

  constructor(ringing: Ringing, { name, connect, pingMs = PING_MS }: BellOptions) {
    this.#name = name;
    this.#connect = connect;
    this.#ringing = ringing;
    this.#pings = setInterval(() => {
      // Without an answer, the connection ends.
      this.#connection?.ask([['PING']]).catch(() => undefined);
    }, pingMs);
    this.#start();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#pings);
    clearTimeout(this.#again);
    clearTimeout(this.#later);
    this.#connection?.close();
  }

  #start(): void {
    this.#again = undefined;
    this.#listen().catch((error: unknown) => {
      this.#lost(messageOf(error));
    });
  }

  async #listen(): Promise<void> {
    const connection = await this.#connect((why) => {
      this.#lost(why);
    });
    this.#connection = connection;
    if (this.#isClosed) {
      connection.close();
      return;
    }
    await connection.subscribe(BELL, (by) => {
      if (by !== this.#name) this.#ring();
    });
    this.#wait = FIRST_WAIT_MS;
    // The bell did not ring for publications before this subscription.
    this.#ring();
  }

  /** A failed connection may report it more than once. */
  #lost(why: string): void {
    if (this.#isClosed || this.#again !== undefined) return;
    this.#connection?.close();
    this.#connection = undefined;
    this.#again = setTimeout(() => {
      this.#start();
    }, this.#wait);
    this.#wait = Math.min(this.#wait * 2, MAX_WAIT_MS);
    this.#ringing.ended(why);
  }

  #ring(): void {
    const left = this.#lastHeard + HEARD_EVERY_MS - performance.now();
    if (left > 0) {
      this.#later ??= setTimeout(() => {
        this.#later = undefined;
        this.#ring();
      }, left);
      return;
    }
    this.#lastHeard = performance.now();
    this.#ringing.heard();
  }
}
