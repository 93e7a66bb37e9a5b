import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { decodeContact } from '../../src/fleet/contact.ts';
import { GitMover } from '../../src/mover/git/git-mover.ts';
import { openGit } from '../../src/mover/git/open-git.ts';
import { runMover } from '../../src/mover/run-mover.ts';
import type { Listen } from '../../src/system/processes/listen.ts';
import { eventually } from '../support/eventually.ts';
import { fleetOf, git, inboxOf, moverSuite, MOVER_WORLD, publish, type Context } from './mover-suite.ts';

const loop = moverSuite('the loop of the mover');

const MINUTE = 60_000;
const SHARD = 'ipv4/203.yaml';

/** A mover at work as fw2, with a bell that the test rings. */
class Running implements AsyncDisposable {
  readonly said: string[] = [];
  readonly listened: string[] = [];
  bell: Parameters<Listen>[2] | undefined;
  isListening = false;
  now = 1_800_000_000_000;
  collected = 0;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  /** The hub of an ssh remote is the folder all the same: git runs this in the place of ssh. */
  constructor(context: Context, remote = context.hub) {
    const fleet = fleetOf(context, 'fw2');
    mkdirSync(join(fleet.folder, 'out'), { recursive: true });
    const tell = (level: string) => (message: string) => this.said.push(`${level}: ${message}`);
    const log = { info: tell('info'), warn: tell('warn'), error: tell('error') };
    const run: typeof MOVER_WORLD.run = async (file, words, options) =>
      MOVER_WORLD.run(
        file,
        words.map((word) => word.replace(remote, context.hub)),
        options,
      );
    const listen: Listen = (file, words, bell) => {
      this.listened.push([file, ...words.slice(-2)].join(' '));
      [this.bell, this.isListening] = [bell, true];
      return { close: () => (this.isListening = false) };
    };
    const world = { ...MOVER_WORLD, run, log, now: () => this.now, collectGarbage: () => this.collected++ };
    const engine = openGit(world, { fleet, remote, listen });
    this.#ended = runMover(world, { fleet, engine, signal: this.#stop.signal });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

const REMOTE = 'ssh://hub@firewall/srv/fleet.git';

const contactOf = (context: Context) => {
  const path = join(fleetOf(context, 'fw2').folder, 'mover/contact.json');
  return existsSync(path) ? decodeContact(readFileSync(path, 'utf8')) : undefined;
};

/** Has fw1 publish this and push it. */
async function pushAsPeer(context: Context, sequence: number, text: string): Promise<void> {
  const peer = fleetOf(context, 'fw1');
  publish(peer, sequence, { [SHARD]: text });
  await new GitMover(MOVER_WORLD, peer, context.hub).push();
}

async function untilHeard(context: Context, text: string): Promise<void> {
  await eventually(() => {
    assert.is(inboxOf(fleetOf(context, 'fw2'), 'fw1')[SHARD], text);
  });
}

const untilSaid = async ({ said }: Running, words: RegExp): Promise<void> =>
  eventually(() => {
    assert.ok(
      said.some((line) => words.test(line)),
      said.join('\n'),
    );
  });

loop('fetches when it begins and when the bell rings, and not before an hour is over', async (context) => {
  await pushAsPeer(context, 1, 'a\n');
  await using mover = new Running(context, REMOTE);
  await untilHeard(context, 'a\n');

  await pushAsPeer(context, 2, 'b\n');
  mover.bell?.heard('fw1');
  await untilHeard(context, 'b\n');

  assert.equal(mover.listened, ['ssh hub@firewall bell']);
  assert.equal(mover.said, []);
});

loop('gives memory back once a minute', async (context) => {
  await using mover = new Running(context, REMOTE);
  const hear = async (sequence: number): Promise<void> => {
    await pushAsPeer(context, sequence, `${sequence}\n`);
    mover.bell?.heard('fw1');
    await untilHeard(context, `${sequence}\n`);
  };

  for (const sequence of [1, 2, 3]) await hear(sequence);
  mover.now += MINUTE;
  await hear(4);

  await eventually(() => {
    assert.is(mover.collected, 2);
  });
});

loop('pushes when this firewall published something, though nothing rings at the hub', async (context) => {
  await using mover = new Running(context);
  await eventually(() => {
    assert.is(contactOf(context)?.failure, undefined);
    assert.is(contactOf(context)?.at, mover.now);
  });

  publish(fleetOf(context, 'fw2'), 1, { [SHARD]: 'a\n' });

  await eventually(() => {
    assert.is(git(context.hub, ['cat-file', 'blob', `refs/heads/fw/fw2/claims:${SHARD}`]), 'a\n');
  });
  assert.equal([mover.listened, mover.said], [[], []]);
});

loop('tells that the hub is not reached, once, and when it is reached again', async (context) => {
  const { hub } = context;
  publish(fleetOf(context, 'fw2'), 1, { [SHARD]: 'a\n' });
  await using mover = new Running(context, REMOTE);
  await eventually(() => {
    assert.ok(existsSync(join(hub, 'refs/heads/fw/fw2/claims')));
  });

  renameSync(hub, `${hub}.away`);
  mover.bell?.heard('fw1');
  await untilSaid(mover, /not reached/);
  // It is written down after it was said.
  await eventually(() => {
    assert.ok(contactOf(context)?.failure);
  });
  const away = contactOf(context)?.failure;
  // A round that pushes nothing asks no hub; a minute later it tells the same.
  for (let minutes = 0; minutes < 2; minutes++) {
    mover.now += MINUTE;
    mover.bell?.heard('fw1');
    await eventually(() => {
      assert.is(contactOf(context)?.at, mover.now);
      assert.is(contactOf(context)?.failure, away);
    });
  }
  renameSync(`${hub}.away`, hub);
  mover.bell?.heard('fw1');
  await untilSaid(mover, /again/);

  assert.match(away ?? '', /^git ls-remote: /);
  assert.equal(mover.said, [`warn: the hub is not reached: ${away}`, 'info: the hub is reached again']);
  await eventually(() => {
    assert.is(contactOf(context)?.failure, undefined);
  });
});

loop('tells why the bell is silent, and how often the hub is asked without it', async (context) => {
  await using mover = new Running(context, REMOTE);

  mover.bell?.ended('no route to host');

  assert.equal(mover.said, ['warn: the bell of the hub is silent: no route to host; fetching every 3600 s']);
});

loop('ends when it is told to, and lets go of the line', async (context) => {
  const mover = new Running(context, REMOTE);
  await eventually(() => {
    assert.ok(contactOf(context));
  });
  const before = mover.isListening;

  await mover.stop();

  assert.equal([before, mover.isListening], [true, false]);
});

loop.run();
