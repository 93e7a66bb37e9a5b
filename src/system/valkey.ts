/**
 * A connection to a Valkey or Redis server. The server is trusted with nothing: what it answers is limited in size and
 * time. A connection on which something went wrong is given up, and whoever used it makes another: what was asked is
 * never asked again by itself, and no late answer is taken for a later one.
 */
import type { Redis } from 'ioredis';
import { BanspoolError, messageOf } from './error.ts';
import { LATE, withPatience } from './patience.ts';

export interface ValkeyServer {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Undefined: in the clear. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined;
}

export type Command = readonly [name: string, ...words: (string | number | Buffer)[]];

/** An error where the server refuses the command; null where there is nothing of that name. */
export type Reply = Buffer | number | null | Error | readonly Reply[];

interface ValkeyOptions {
  /** Why it was lost; not called where it was closed. */
  readonly ended?: (why: string) => void;
  readonly answerMs?: number;
  readonly replyBytes?: number;
}

export interface ValkeyConnection {
  /** Sends them at once; one reply for each, in their order. */
  readonly ask: (commands: readonly Command[]) => Promise<readonly Reply[]>;
  readonly subscribe: (channel: string, heard: (message: string) => void) => Promise<void>;
  readonly isOpen: () => boolean;
  readonly close: () => void;
}

export type ConnectValkey = (server: ValkeyServer, options?: ValkeyOptions) => Promise<ValkeyConnection>;

/** A server that is stopped keeps its connections open: only time tells. */
const ANSWER_MS = 10_000;

/** Of all replies together. */
const REPLY_BYTES = 16 * 1024 * 1024;

/** Resolves once the server lets us in. */
export const connectValkey: ConnectValkey = async (server, options = {}) => {
  const redis = await newClient(server, options.answerMs ?? ANSWER_MS);
  const connection = new Connection(redis, server, options);
  await connection.open();
  return connection;
};

class Connection implements ValkeyConnection {
  readonly #redis: Redis;
  readonly #server: ValkeyServer;
  readonly #options: Required<ValkeyOptions>;
  /** Of the answers to what was asked last. */
  #received = 0;
  /** Why it is of no use any more. */
  #failure: string | undefined;

  constructor(redis: Redis, server: ValkeyServer, options: ValkeyOptions) {
    this.#redis = redis;
    this.#server = server;
    this.#options = { ended: () => undefined, answerMs: ANSWER_MS, replyBytes: REPLY_BYTES, ...options };
    // ioredis tells the cause here alone, and who waits for an answer that the connection is closed.
    redis.on('error', (error) => (this.#failure ??= messageOf(error)));
  }

  async open(): Promise<void> {
    const { replyBytes, ended } = this.#options;
    try {
      await this.#redis.connect();
    } catch (error) {
      throw this.#failed(error);
    }
    this.#redis.stream.on('data', (bytes: Buffer) => {
      this.#received += bytes.length;
      if (this.#received > replyBytes) this.#giveUp(`it answers with more than ${replyBytes} bytes`);
    });
    await this.#logIn();
    this.#redis.once('end', () => {
      if (this.#failure !== CLOSED) ended(this.#failure ?? 'the connection was closed');
    });
  }

  isOpen(): boolean {
    return this.#failure === undefined && this.#redis.status === 'ready';
  }

  async ask(commands: readonly Command[]): Promise<readonly Reply[]> {
    this.#redis.stream.cork();
    const replies = commands.map(([name, ...words]) => replyOf(this.#redis.callBuffer(name, ...words)));
    this.#redis.stream.uncork();
    return this.#inTime(Promise.all(replies));
  }

  async subscribe(channel: string, heard: (message: string) => void): Promise<void> {
    this.#redis.on('message', (_channel, message) => {
      heard(message);
    });
    await this.#inTime(this.#redis.subscribe(channel));
  }

  close(): void {
    this.#giveUp(CLOSED);
  }

  /** A password without a user is that of the user `default`. */
  async #logIn(): Promise<void> {
    const { user, password } = this.#server;
    if (password === undefined) return;
    const [reply] = await this.ask([['AUTH', ...(user === undefined ? [] : [user]), password]]);
    if (!(reply instanceof Error)) return;
    this.#giveUp(messageOf(reply));
    throw this.#failed(reply);
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { answerMs } = this.#options;
    this.#received = 0;
    try {
      const done = await withPatience(work, answerMs);
      if (done !== LATE) return done;
      this.#giveUp(`no answer for ${answerMs / 1000} s`);
    } catch (error) {
      throw this.#failed(error);
    }
    // Its end is nobody's.
    work.catch(() => undefined);
    throw this.#failed(undefined);
  }

  #giveUp(why: string): void {
    this.#failure ??= why;
    this.#redis.disconnect();
    // A server that is stopped answers no FIN either.
    this.#redis.stream.destroy();
  }

  #failed(error: unknown): BanspoolError {
    const { host, port } = this.#server;
    return new BanspoolError('command-failed', `${host}:${port}: ${this.#failure ?? messageOf(error)}`);
  }
}

const CLOSED = 'closed';

/** Loaded here, since nothing else of the program needs it. */
async function newClient({ host, port, tls }: ValkeyServer, connectTimeout: number): Promise<Redis> {
  const { Redis } = await import('ioredis');
  return new Redis({
    ...{ host, port, lazyConnect: true, connectTimeout, keepAlive: 10_000 },
    ...(tls !== undefined && { tls }),
    // It is this connection or none.
    ...{ retryStrategy: null, enableOfflineQueue: false, autoResendUnfulfilledCommands: false },
    // Nothing is asked that the rights of a firewall do not allow.
    ...{ enableReadyCheck: false, disableClientInfo: true, autoResubscribe: false },
  });
}

/** What the server says is a value, what keeps it from saying anything is thrown. */
async function replyOf(asked: Promise<unknown>): Promise<Reply> {
  try {
    return (await asked) as Reply;
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return error;
    throw error;
  }
}
