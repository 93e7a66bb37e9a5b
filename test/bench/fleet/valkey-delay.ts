/** From a ban on one firewall to the drop on another, by Valkey; from a publication to the last of twenty movers. */
import { setMaxListeners } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { encodePeerList, PEER_LIST } from '../../../src/fleet/peer-list.ts';
import { openValkey } from '../../../src/mover/valkey/open-valkey.ts';
import { runMover } from '../../../src/mover/run-mover.ts';
import { readSecret } from '../../../src/system/files/read-secret.ts';
import { connectValkey, type ValkeyConnection } from '../../../src/system/valkey.ts';
import { Child } from '../../support/child.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { valkeyReleases, ValkeyServerProcess } from '../../support/valkey-server.ts';
import type { Attacker } from '../attacker.ts';
import { figureOf, type Figure, type Goal } from '../figure.ts';
import { asUnit } from './as-unit.ts';
import { residentOf } from './cpu.ts';
import { believe, shareBan } from './hub-delay.ts';
import { joinFleet, type Member } from './listener-site.ts';
import { ToldPeer } from './told-peer.ts';

const ROUNDS = 20;
const READERS = 20;

/** More than the second in which a firewall publishes once. */
const REST_MS = 1_300;

const GOAL: Goal = {
  words: '4 times bare, 0.1 s',
  most: { ratio: 4, median: 100 },
};

export async function valkeyDelay(attacker: Attacker): Promise<readonly Figure[]> {
  const [release] = valkeyReleases().slice(-1);
  if (release === undefined) throw new Error('there is no server of the lab: run .ci/setup test');
  await using server = await ValkeyServerProcess.start(release);
  const remote = `redis://127.0.0.1:${server.port}`;
  return [...(await toOne(attacker, remote)), await toLastOfMany(remote)];
}

async function toOne(attacker: Attacker, remote: string): Promise<readonly Figure[]> {
  await using first = await Sandbox.open();
  await using second = await Sandbox.open();
  const members: Member[] = [
    { name: 'fw1', sandbox: first },
    { name: 'fw2', sandbox: second },
  ];
  for (const { name, sandbox } of members) {
    const hooks = name === 'fw1' ? '[FORWARD]' : '[INPUT]';
    const fleet = `, engine: valkey, remote: "${remote}", every: 1h`;
    await joinFleet(sandbox, name, { chainPrefix: `${name}-`, hooks, fleet });
  }
  believe(members);
  for (const { sandbox } of members) await sandbox.startController();
  const movers = members.map(
    ({ sandbox }) => new Child([...asUnit('banspool-fleet.service'), ...sandbox.command('fleet')]),
  );
  const floor = await Floor.open(remote, 1);
  try {
    await delay(REST_MS);
    const [samples, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const took = await shareBan(attacker, members);
      const least = await floor.pass(round);
      // The first one is warm-up.
      if (round > 0) samples.push(took);
      if (round > 0) bare.push(least);
    }
    const memory = movers.map(({ pid }) => residentOf(pid));
    return [
      figureOf('a ban at one firewall until another drops, by Valkey', samples, {
        bare: { what: 'SET + PUBLISH + GET', samples: bare },
        goal: GOAL,
      }),
      figureOf('memory of the mover, Valkey', memory, {
        unit: 'MB',
        goal: { words: '70 MB', most: { median: 70 } },
      }),
    ];
  } finally {
    floor.close();
    for (const mover of movers) await mover[Symbol.asyncDispose]();
  }
}

/** All movers are in this process. */
async function toLastOfMany(remote: string): Promise<Figure> {
  await using sandbox = await Sandbox.open();
  await joinFleet(sandbox, 'fw1', { fleet: `, engine: valkey, remote: "${remote}", every: 1h` });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const peer = new ToldPeer('fw1');
  const heard = new Map<string, string>();
  const world = worldOf(sandbox);
  const { fleet } = world.config;
  if (fleet === undefined) throw new Error('the config has no fleet');
  const run = (name: string): Promise<void> => {
    const folder = join(sandbox.folder, name);
    mkdirSync(join(folder, 'out'), { recursive: true });
    mkdirSync(join(folder, 'mover'));
    writeFileSync(join(folder, 'out', PEER_LIST), encodePeerList(['fw1']));
    const files: typeof world.files = {
      ...world.files,
      write: async (path, text) => {
        await world.files.write(path, text);
        if (path.endsWith('in/fw1/peer.yaml')) heard.set(name, text);
      },
    };
    const own = { ...fleet, name, folder };
    const engine = openValkey({ ...world, files }, { fleet: own, remote, connectValkey, readSecret });
    return runMover({ ...world, files }, { fleet: own, engine, signal: stop.signal });
  };
  const names = Array.from({ length: READERS }, (_, index) => `r${index}`);
  const running = [run('fw1'), ...names.map(run)];
  const floor = await Floor.open(remote, READERS);
  try {
    await delay(REST_MS);
    const [samples, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round += 1) {
      heard.clear();
      peer.claim([`203.0.113.${round}`]);
      const begunAt = performance.now();
      await peer.publish(join(sandbox.folder, 'fw1/out'));
      while (heard.size < READERS) await delay(1);
      const took = performance.now() - begunAt;
      await delay(100);
      const least = await floor.pass(round);
      if (round > 0) samples.push(took);
      if (round > 0) bare.push(least);
    }
    return figureOf(`from a publication to the last of ${READERS} movers, by Valkey`, samples, {
      bare: { what: `SET + PUBLISH + GET by ${READERS}`, samples: bare },
      goal: GOAL,
    });
  } finally {
    stop.abort();
    floor.close();
    await Promise.all(running);
  }
}

const KEY = 'bare';
const TEXT_BYTES = 2_000;

/** The same without banspool: a text is set, told of, and got by each who hears that. */
class Floor {
  readonly #sender: ValkeyConnection;
  readonly #readers: readonly ValkeyConnection[];
  readonly #bells: readonly ValkeyConnection[];
  #got = 0;

  private constructor(
    sender: ValkeyConnection,
    readers: readonly ValkeyConnection[],
    bells: readonly ValkeyConnection[],
  ) {
    this.#sender = sender;
    this.#readers = readers;
    this.#bells = bells;
  }

  static async open(remote: string, readers: number): Promise<Floor> {
    const port = Number(remote.split(':').at(-1));
    const server = { host: '127.0.0.1', port, user: undefined, password: undefined, tls: undefined };
    const connect = (): Promise<ValkeyConnection> => connectValkey(server);
    const many = (): Promise<ValkeyConnection[]> =>
      Promise.all(Array.from({ length: readers }, () => connect()));
    const floor = new Floor(await connect(), await many(), await many());
    for (const [index, bell] of floor.#bells.entries())
      await bell.subscribe(KEY, () => {
        void floor.#readers[index]?.ask([['GET', KEY]]).then(() => (floor.#got += 1));
      });
    return floor;
  }

  /** Milliseconds until the last has it. */
  async pass(round: number): Promise<number> {
    this.#got = 0;
    const begunAt = performance.now();
    await this.#sender.ask([
      ['SET', KEY, String(round).padEnd(TEXT_BYTES)],
      ['PUBLISH', KEY, '.'],
    ]);
    while (this.#got < this.#readers.length) await delay(1);
    return performance.now() - begunAt;
  }

  close(): void {
    for (const each of [this.#sender, ...this.#readers, ...this.#bells]) each.close();
  }
}
