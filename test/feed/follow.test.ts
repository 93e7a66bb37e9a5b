/** Readers of the feed, whatever becomes of its files. */
import { appendFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventLine, type FeedEvent } from '../../src/feed/event.ts';
import { BEGINNING, endOfFeed, lastEvents, readOn, type Cursor } from '../../src/feed/follow.ts';
import { appendLines, segmentsIn } from '../../src/system/files/segments.ts';

const follow = suite('feed/follow');

const NOW = Date.UTC(2026, 10, 22, 13, 30);

/** A feed, and a reader that keeps its cursor as a file does. */
class Place implements Disposable {
  readonly folder = join(mkdtempSync(join(tmpdir(), 'banspool-follow-')), 'events');
  #now = NOW;
  cursor: Cursor = BEGINNING;

  /** Adds events, each of so many bytes and more. */
  add(counts: readonly number[], bytes = 0): void {
    this.#now += 1;
    appendLines(
      this.folder,
      counts.map((count) => eventLine(numbered(count, bytes))),
      this.#now,
    );
  }

  /** Numbers of the events that are new, and `lost`. */
  read(): readonly (number | string)[] {
    const { events, cursor, lost } = readOn(this.folder, this.cursor);
    this.cursor = JSON.parse(JSON.stringify(cursor)) as Cursor;
    return [...(lost ? ['lost'] : []), ...numbersOf(events)];
  }

  path(index: number): string {
    return join(this.folder, segmentsIn(this.folder).at(index) ?? '');
  }

  [Symbol.dispose](): void {
    rmSync(join(this.folder, '..'), { recursive: true });
  }
}

function numbered(count: number, bytes = 0): FeedEvent {
  return { kind: 'more', time: '2026-11-22T13:30:00.000Z', of: 'x'.repeat(bytes), count };
}

function numbersOf(events: readonly FeedEvent[]): readonly number[] {
  return events.map((event) => (event.kind === 'more' ? event.count : NaN));
}

const HALF = 600 * 1024;

follow('gives each event once, and nothing where nothing is', () => {
  using place = new Place();

  assert.equal(place.read(), []);
  place.add([1, 2]);
  assert.equal(place.read(), [1, 2]);
  assert.equal(place.read(), []);
  place.add([3]);
  assert.equal(place.read(), [3]);
});

follow('goes on in the next file, also past several', () => {
  using place = new Place();
  place.add([1], HALF);
  assert.equal(place.read(), [1]);

  place.add([2], 10);
  place.add([3], HALF);
  place.add([4], HALF);

  assert.equal(place.read(), [2, 3, 4]);
});

follow('says so when files went before they were read', () => {
  using place = new Place();
  place.add([1], HALF);
  place.read();

  for (let count = 2; count <= 8; count += 1) place.add([count], HALF);

  assert.equal(place.read(), ['lost', 5, 6, 7, 8]);
  assert.equal(place.read(), []);
});

follow('begins anew where the folder was removed, and says once that events may be lost', () => {
  using place = new Place();
  place.add([1, 2]);
  place.read();

  rmSync(place.folder, { recursive: true });
  assert.equal(place.read(), ['lost']);
  place.add([3]);
  assert.equal(place.read(), [3]);
  rmSync(place.folder, { recursive: true });
  place.add([4]);

  assert.equal(place.read(), ['lost', 4]);
});

follow('waits for the rest of a line, and passes over one that stays half', () => {
  using place = new Place();
  place.add([1]);
  const line = eventLine(numbered(2));

  appendFileSync(place.path(-1), line.slice(0, 20));
  const before = place.read();
  appendFileSync(place.path(-1), line.slice(20));
  const after = place.read();
  appendFileSync(place.path(-1), line.slice(0, 20));
  place.add([3]);

  assert.equal([before, after, place.read()], [[1], [2], [3]]);
});

follow('reads a file that became shorter from its beginning', () => {
  using place = new Place();
  place.add([1, 2, 3]);
  place.read();

  truncateSync(place.path(-1), eventLine(numbered(1)).length);

  assert.equal(place.read(), ['lost', 1]);
});

follow('from the end on hears only of what is to come', () => {
  using place = new Place();
  assert.equal(endOfFeed(place.folder), BEGINNING);
  place.add([1, 2]);
  appendFileSync(place.path(-1), eventLine(numbered(3)).slice(0, 9));

  place.cursor = endOfFeed(place.folder);
  appendFileSync(place.path(-1), eventLine(numbered(3)).slice(9));

  assert.equal(place.read(), [3]);
});

follow('has the last events of all files, oldest first', () => {
  using place = new Place();
  assert.equal(lastEvents(place.folder, 5), []);
  place.add([1, 2]);
  place.add([3], HALF * 2);
  place.add([4, 5]);

  // What is too long to be looked for is passed over.
  assert.equal(numbersOf(lastEvents(place.folder, 3)), [2, 4, 5]);
  assert.equal(numbersOf(lastEvents(place.folder, 1)), [5]);
});

follow('by any mixture of writing, reading and rotation gives all in order, unless it says otherwise', () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant('read' as const)), {
    maxLength: 25,
  });
  fc.assert(
    fc.property(steps, (all) => {
      using place = new Place();
      const seen: (number | string)[] = [];
      let count = 0;
      for (const step of [...all, 'read' as const]) {
        if (step === 'read') seen.push(...place.read());
        else
          place.add(
            Array.from({ length: step }, () => (count += 1)),
            200_000,
          );
      }
      const numbers = seen.filter((each) => typeof each === 'number');
      assert.equal(
        numbers,
        [...numbers].sort((a, b) => a - b),
      );
      assert.is(new Set(numbers).size, numbers.length);
      if (!seen.includes('lost') && numbers[0] === 1) assert.is(numbers.length, count);
    }),
    { numRuns: 30 },
  );
});

follow.run();
