/** One host of the lab, and the agent in it that talks TCP. */
import { join } from 'node:path';
import { Child } from '../support/child.ts';
import type { Envelope, Outcome, Reply, Request, Target } from './agent-messages.ts';
import { enter, type Site } from './topology.ts';

const AGENT = join(import.meta.dirname, 'host-agent.js');

/** Longer than any loss-free exchange in the lab, shorter than the first SYN is repeated after (1 s). */
const TIMEOUT_MS = 500;

/** For what nothing should stop: a server that waits for the processor is not silent. */
const PATIENT_MS = 20_000;

export class Host implements AsyncDisposable {
  readonly site: Site;
  readonly #agent: Child;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  constructor(site: Site) {
    this.site = site;
    this.#agent = new Child([...enter(site.name), process.execPath, '--enable-source-maps', AGENT], {
      ipc: true,
    });
    this.#agent.process.on('message', (reply: Reply) => {
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    void this.#agent.ended.then(() => {
      for (const [id, resolve] of this.#waiting) resolve({ id, error: 'the agent ended' });
    });
  }

  /** Serves echoes on this port. */
  async listen(port: number): Promise<void> {
    await this.#ask({ kind: 'listen', port });
  }

  /** Tries one new connection to its end. */
  async connect(target: Target, timeoutMs = TIMEOUT_MS): Promise<Outcome> {
    return outcomeOf(await this.#ask({ kind: 'try', timeoutMs, ...target }));
  }

  /** Tries one new connection that should be answered, however long that takes. */
  async reach(target: Target): Promise<Outcome> {
    return this.connect(target, PATIENT_MS);
  }

  /** The instant from which on new connections come out as wanted, in milliseconds since 1970. */
  async watch(target: Target, wanted: Outcome, limitMs: number): Promise<number> {
    const { at } = await this.#ask({ kind: 'watch', wanted, limitMs, ...target });
    if (at === undefined) throw new Error(`connections were not ${wanted} within ${limitMs} ms`);
    return at;
  }

  /** Opens a connection that stays; {@link Host.talk} speaks over it. */
  async hold(target: Target): Promise<Outcome> {
    return outcomeOf(await this.#ask({ kind: 'hold', ...target }));
  }

  /** Speaks over the held connection; with a time that is enough for an answer where it is to be silent. */
  async talk(timeoutMs = PATIENT_MS): Promise<Outcome> {
    return outcomeOf(await this.#ask({ kind: 'talk', timeoutMs }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent[Symbol.asyncDispose]();
  }

  async #ask(request: Request): Promise<Reply> {
    this.#lastId += 1;
    const id = this.#lastId;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#agent.process.send({ id, ...request } satisfies Envelope, (error) => {
        if (error !== null) resolve({ id, error: error.message });
      });
    });
    if (reply.error !== undefined)
      throw new Error(`${this.site.name}: ${reply.error}\n${this.#agent.stderr}`);
    return reply;
  }
}

function outcomeOf({ outcome }: Reply): Outcome {
  if (outcome === undefined) throw new Error('the agent said nothing');
  return outcome;
}
