/**
 * What a person names on the command line, be it a file that only root may read, or a pipe that can be read but once.
 * Whoever acts as another (act-anew.ts) finds it as root has read it.
 */
import { standardInput } from './host.ts';
import { realIdentity } from './user.ts';

/** Set where standard input holds what was read. */
export const HANDED_OVER = 'BANSPOOL_HANDED_OVER';

export class Given {
  readonly #handedOver: ReadonlyMap<string, string | undefined>;
  readonly #read = new Map<string, string | undefined>();

  constructor(env: NodeJS.ProcessEnv) {
    const isHandedOver = env[HANDED_OVER] !== undefined && realIdentity() !== undefined;
    const entries = isHandedOver ? (JSON.parse(standardInput()) as readonly [string, string?][]) : [];
    this.#handedOver = new Map(entries.map(([name, text]) => [name, text]));
  }

  /**
   * What root found under that name; where nothing was handed over, what `read` finds. Undefined where there is
   * nothing.
   */
  async read(name: string, read: () => Promise<string | undefined>): Promise<string | undefined> {
    if (this.#handedOver.has(name)) return this.#handedOver.get(name);
    const text = await read();
    this.#read.set(name, text);
    return text;
  }

  /** For another process's standard input. */
  handOver(): string {
    return JSON.stringify(
      Array.from(this.#read, ([name, text]) => (text === undefined ? [name] : [name, text])),
    );
  }
}
