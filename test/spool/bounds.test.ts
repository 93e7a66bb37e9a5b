import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bounds, type BoundsOptions } from '../../src/spool/bounds.ts';
import type { World } from '../../src/world/world.ts';
import { spoolFiles, type SpoolEntry, type SpoolFiles } from '../../src/system/files/spool-files.ts';

const bounding = suite('the bounds of the spool');

/** Looking at a file takes a millisecond of a clock of this spool's own, and so does removing one. */
const COST_MS = 1;
const MIB = 1024 * 1024;

class SlowSpool {
  now = 0;
  /** How many files each server has, all of a MiB; the names of temporaries begin with a dot. */
  readonly counts: Record<string, number>;
  readonly removed: string[] = [];
  readonly #prefix: string;

  constructor(counts: Record<string, number>, prefix = '') {
    this.counts = counts;
    this.#prefix = prefix;
  }

  get files(): SpoolFiles {
    const entry = (name: string, isFolder: boolean): SpoolEntry => ({
      ...{ bytes: Buffer.from(name), name, isFolder },
      isFile: !isFolder,
    });
    const serverOf = (folder: string): string => folder.slice('/spool/'.length);
    return {
      ...spoolFiles,
      isFolder: () => true,
      entries: (folder) =>
        folder === '/spool'
          ? Object.keys(this.counts).map((name) => entry(name, true))
          : this.#names(serverOf(folder)).map((name) => entry(name, false)),
      measure: (_, { name }) => {
        this.now += COST_MS;
        return { bytes: MIB, changedAt: Number(/\d+/.exec(name)?.[0]), stamp: name };
      },
      remove: (folder, { name }) => {
        this.now += COST_MS;
        this.removed.push(`${serverOf(folder)}/${name}`);
        return true;
      },
    };
  }

  get strays(): ReadonlyMap<string, readonly SpoolEntry[]> {
    return new Map(
      Object.keys(this.counts).map((server) => [server, this.files.entries(`/spool/${server}`)] as const),
    );
  }

  bounds(): Bounds {
    const world: unknown = { config: { spool: '/spool' }, spoolFiles: this.files };
    return new Bounds(world as World, () => this.now);
  }

  /** How long it held up whoever waits. */
  keep(bounds: Bounds, keep: Partial<BoundsOptions> = {}): number {
    const before = this.now;
    bounds.keep({ kind: 'quick', isLeft: true, toTheEnd: false, ...keep });
    return this.now - before;
  }

  #names(server: string): readonly string[] {
    const gone = new Set(this.removed);
    return Array.from(
      { length: this.counts[server] ?? 0 },
      (_, index) => `${this.#prefix}${10_000 + index}.yaml`,
    ).filter((name) => !gone.has(`${server}/${name}`));
  }
}

for (const kind of ['quick', 'full'] as const)
  bounding(`hold up a ${kind} pass for a slice alone, however many files there are`, () => {
    const spool = new SlowSpool({ web1: 20_000, web2: 20_000 });
    const bounds = spool.bounds();

    const waits = Array.from({ length: 20 }, () => spool.keep(bounds, { kind }));

    assert.ok(
      waits.every((wait) => wait <= 200),
      String(waits),
    );
  });

for (const prefix of ['', '.'])
  bounding(`are come to in slices, and what is too much goes (names like ${prefix}10000.yaml)`, () => {
    const spool = new SlowSpool({ web1: 200, web2: 1_000, web3: 300 }, prefix);
    const bounds = spool.bounds();

    for (let pass = 0; pass < 100; pass += 1) {
      spool.keep(bounds);
      spool.now += 20;
    }

    assert.is(spool.removed.length, 1_000 - 256 + (300 - 256));
    assert.is(spool.removed[0], `web2/${prefix}10256.yaml`);
    const told = bounds.problems.map(({ message }) => message.slice(0, 56));
    assert.equal(told, [
      'web2 sends more than 50,000 files or 256 MiB at once: 74',
      'web3 sends more than 50,000 files or 256 MiB at once: 44',
    ]);
  });

bounding('are come to at once where no pass follows', () => {
  const spool = new SlowSpool({ web1: 1_000 });

  spool.keep(spool.bounds(), { kind: 'full', toTheEnd: true });

  assert.is(spool.removed.length, 744);
});

bounding('ask for passes while a look is under way, and for none when it is over', () => {
  const spool = new SlowSpool({ web1: 1_000 }, '.');
  const bounds = spool.bounds();
  let passes = 0;

  for (let look = 0; look < 200; look += 1) {
    if (bounds.isOverfull(spool.strays)) {
      spool.keep(bounds);
      passes += 1;
    }
    spool.now += 50;
  }

  assert.is(spool.removed.length, 744);
  assert.ok(passes < 50, `${passes} passes`);
  assert.not(bounds.isOverfull(spool.strays));
});

bounding('are forgotten where nothing waits any more, so that no pass is asked for', () => {
  const spool = new SlowSpool({ web1: 1_000 });
  const bounds = spool.bounds();
  spool.keep(bounds);

  spool.keep(bounds, { isLeft: false });
  spool.now += 1_000;

  assert.not(bounds.isOverfull(new Map()));
});

bounding('are looked at by a full pass at any time, by quick ones every two seconds', () => {
  for (const [kind, later, removed] of [
    ['full', 0, 744],
    ['quick', 1_000, 0],
    ['quick', 2_000, 744],
  ] as const) {
    const spool = new SlowSpool({ web1: 0 });
    const bounds = spool.bounds();
    spool.keep(bounds);
    spool.counts['web1'] = 1_000;
    spool.now += later;

    spool.keep(bounds, { kind, toTheEnd: true });

    assert.is(spool.removed.length, removed, `${kind} after ${later} ms`);
  }
});

bounding('tell what went for ten minutes, and then no more', () => {
  const spool = new SlowSpool({ web1: 1_000 });
  const bounds = spool.bounds();
  spool.keep(bounds, { toTheEnd: true });

  const told = [0, 599_999, 1].map((later) => {
    spool.now += later;
    return bounds.problems.length;
  });

  assert.equal(told, [1, 1, 0]);
});

bounding.run();
