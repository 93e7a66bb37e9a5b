/** Suites with a real server, one for each release that Debian has, and firewalls whose files are written by hand. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type Test } from 'uvu';
import type { FleetConfig } from '../../../src/config/config.ts';
import { encodePeerList, PEER_LIST } from '../../../src/fleet/peer-list.ts';
import { ValkeyMover } from '../../../src/mover/valkey/valkey-mover.ts';
import { ValkeyStore } from '../../../src/mover/valkey/valkey-store.ts';
import { connectValkey, type Command, type ValkeyConnection } from '../../../src/system/valkey.ts';
import { ValkeyServerProcess, valkeyReleases } from '../../support/valkey-server.ts';
import { fleetOf, inboxOf, MOVER_WORLD, publish } from '../mover-suite.ts';

type Texts = Readonly<Record<string, string>>;

export interface ValkeyContext {
  folder: string;
  server: ValkeyServerProcess;
}

/** Defines the same tests for each release; the server is empty before each. */
export function valkeySuites(
  title: string,
  define: (test: Test<ValkeyContext>) => void,
  lines: readonly string[] = [],
): void {
  for (const release of valkeyReleases()) {
    const test = suite<ValkeyContext>(`${title}, on ${release}`);
    test.before(async (context) => {
      context.server = await ValkeyServerProcess.start(release, lines);
    });
    test.before.each(async (context) => {
      context.folder = mkdtempSync(join(tmpdir(), 'banspool-mover-'));
      await context.server.cli('FLUSHALL');
    });
    test.after.each(({ folder }) => {
      rmSync(folder, { recursive: true });
    });
    test.after(async ({ server }) => {
      await server[Symbol.asyncDispose]();
    });
    define(test);
    test.run();
  }
  if (valkeyReleases().length === 0) {
    const none = suite(title);
    none('wants a server of the lab, by .ci/fetch-lab', () => undefined);
    none.run();
  }
}

/** A firewall, whose mover a test has work. */
export class Member implements Disposable {
  readonly fleet: FleetConfig;
  readonly mover: ValkeyMover;
  readonly said: string[] = [];
  /** Of commands that were asked, in their order. */
  readonly asked: Command[] = [];
  port: number;
  #connection: ValkeyConnection | undefined;

  constructor({ folder, server }: ValkeyContext, name: string, answerMs = 60_000) {
    this.fleet = { ...fleetOf({ folder, hub: '' }, name), engine: 'valkey' };
    this.port = server.port;
    const tell = (message: string): number => this.said.push(message);
    const log = { info: tell, warn: tell, error: tell };
    const store = new ValkeyStore(async () => {
      if (this.#connection?.isOpen() !== true)
        this.#connection = await connectValkey(
          { host: '127.0.0.1', port: this.port, user: undefined, password: undefined, tls: undefined },
          { answerMs },
        );
      const connection = this.#connection;
      return {
        ask: (commands) => {
          this.asked.push(...commands);
          return connection.ask(commands);
        },
      };
    });
    this.mover = new ValkeyMover({ ...MOVER_WORLD, log }, this.fleet, store);
    publish(this.fleet, 1, {});
    this.hear(['fw1', 'fw2', 'fw3']);
  }

  /** As the controller writes it. */
  hear(peers: readonly string[]): void {
    writeFileSync(join(this.fleet.folder, 'out', PEER_LIST), encodePeerList(peers));
  }

  /** Publishes these files and no other, and returns all that it published. */
  async push(sequence: number, texts: Texts): Promise<Texts> {
    const published = publish(this.fleet, sequence, texts);
    this.hear(['fw1', 'fw2', 'fw3']);
    await this.mover.push();
    return published;
  }

  /** What it has of a peer. */
  inbox(peer = 'fw1'): Texts {
    return inboxOf(this.fleet, peer);
  }

  /** The server is another one from here on. */
  moveTo(port: number): void {
    this.port = port;
    this.#connection?.close();
  }

  [Symbol.dispose](): void {
    this.#connection?.close();
  }
}
