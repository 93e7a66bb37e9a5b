/** Who is read when: by a clock that stands still but for what reading takes. */
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Spool } from '../../src/spool/spool.ts';
import { READ_BUDGET } from '../../src/spool/take-in.ts';
import type { World } from '../../src/world/world.ts';
import { parseServices } from '../../src/domain/services.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { Census } from '../../src/policy/census.ts';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import { spoolFiles, type SpoolEntry, type SpoolFiles } from '../../src/system/files/spool-files.ts';
import { banText, snapshotText } from '../support/intent-text.ts';

const reading = suite('a reading of the spool');

const NOW = Date.parse('2026-10-11T12:00:00Z');

/** A reading has time for five of these. */
const COST_MS = 10;

const BAN = banText('198.51.100.7', { time: NOW / 1000 });

const entryOf = (name: string, isFolder: boolean): SpoolEntry => ({
  ...{ bytes: Buffer.from(name), name, isFolder },
  isFile: !isFolder,
});

/** A spool in which reading a file takes its time, and nothing else does. */
class DearSpool implements Disposable {
  readonly #waiting = new Map<string, Set<string>>();
  readonly #spool: Spool;
  readonly #clock: { restore: () => void };
  #written = 1_000;
  #now = 0;

  constructor() {
    this.#clock = mock.method(performance, 'now', () => this.#now).mock;
    const files: SpoolFiles = {
      ...spoolFiles,
      isFolder: () => true,
      entries: (folder) =>
        folder === '/spool'
          ? Array.from(this.#waiting.keys(), (name) => entryOf(name, true))
          : Array.from(this.#filesIn(folder), (name) => entryOf(name, false)),
      read: (folder, { name }) => {
        this.#now += COST_MS;
        if (folder === '/spool/closed') return { kind: 'forbidden', reason: 'permission denied' };
        const text = folder === '/spool/lists' ? snapshotText(['198.51.100.7'], { time: NOW / 1000 }) : BAN;
        const bytes = Buffer.from(text);
        return { kind: 'bytes', bytes, stamp: name, changedAt: NOW };
      },
      remove: (folder, { name }) => this.#filesIn(folder).delete(name),
    };
    const config = { spool: '/spool', rejected: '/rejected' };
    const rejectedFiles = { stamp: () => undefined, list: () => [] };
    const world: unknown = { config, spoolFiles: files, rejectedFiles, now: () => NOW };
    this.#spool = new Spool(world as World);
  }

  drop(server: string, count: number): void {
    const files = this.#filesIn(`/spool/${server}`);
    for (let more = 0; more < count; more += 1) files.add(`${(this.#written += 1)}.yaml`);
  }

  /** One pass; whose files it took in, each server once, how many, and whether another has to follow at once. */
  pass(): { readonly heard: readonly string[]; readonly files: number; readonly more: boolean } {
    const intake = this.#spool.read({
      ...{ state: EMPTY_STATE, policy: EMPTY_POLICY, services: parseServices(''), census: new Census() },
      ...{ now: NOW, budget: READ_BUDGET },
    });
    this.#spool.remove(intake.files);
    const rejection = { moved: [], stuck: [], problems: [] };
    const ended = this.#spool.end({ kind: 'quick', intake, rejection, removed: true, isLast: false });
    const heard = [...new Set(intake.files.map(({ server }) => server))].sort();
    return { heard, files: intake.files.length, more: ended.more };
  }

  /** One pass of a controller, which keeps for so many milliseconds what was taken in, and rests. */
  passAndRest(keepMs: number): readonly string[] {
    const startedAt = this.#now;
    const { heard, more } = this.pass();
    this.#now += keepMs;
    if (more) this.#spool.inbox.rest(this.#now - startedAt);
    return heard;
  }

  [Symbol.dispose](): void {
    this.#clock.restore();
  }

  #filesIn(folder: string): Set<string> {
    const server = folder.slice('/spool/'.length);
    const files = this.#waiting.get(server) ?? new Set();
    this.#waiting.set(server, files);
    return files;
  }
}

reading('hears others without a flood, and the flood in each second pass, however often they speak', () => {
  using spool = new DearSpool();
  spool.drop('flood', 100);
  const heard = [spool.pass().heard];

  for (let pass = 0; pass < 8; pass += 1) {
    spool.drop('web1', 1);
    heard.push(spool.pass().heard);
  }

  const [alone, both] = [['web1'], ['flood', 'web1']];
  assert.equal(heard, [['flood'], alone, both, alone, both, alone, both, alone, both]);
});

reading('hears the flood again and again where others speak in every pass, and the passes rest', () => {
  for (const keepMs of [0, 5, 30, 300]) {
    using spool = new DearSpool();
    spool.drop('flood', 1_000);
    const heard: (readonly string[])[] = [];
    for (let pass = 0; pass < 60; pass += 1) {
      spool.drop('web1', 1);
      heard.push(spool.passAndRest(keepMs));
    }

    const last = heard.map((servers) => servers.includes('flood')).lastIndexOf(true);
    assert.ok(last > 50, `with ${keepMs} ms: the last is pass ${last}`);
    assert.ok(heard.slice(1).every((servers) => servers.includes('web1')));
  }
});

reading('takes four times as much of a flood while nobody else speaks, but for lists', () => {
  for (const [flood, beside, expected] of [
    ['flood', 0, [21, 21, 1, 2]],
    ['flood', 1, [6, 21, 1, 2]],
    ['lists', 0, [6, 6, 1, 2]],
  ] as const) {
    using spool = new DearSpool();
    spool.drop(flood, 200);
    spool.drop('web1', beside);
    const files = [spool.pass().files, spool.pass().files];
    spool.drop('web1', 1);
    files.push(spool.pass().files, spool.pass().files);

    assert.equal(files, expected, `${flood} with ${beside}`);
  }
});

reading('of files that stay, and are too many for the longest one, asks for no other at once', () => {
  using spool = new DearSpool();
  spool.drop('closed', 600);

  const asked = [spool.pass().more, spool.pass().more];

  assert.equal(asked, [true, false]);
});

reading.run();
