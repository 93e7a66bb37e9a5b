import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  appendLines,
  MAX_SEGMENTS,
  readPart,
  SEGMENT_BYTES,
  segmentsIn,
} from '../../../src/system/files/segments.ts';

const segments = suite('lines in segments');

const NOW = Date.UTC(2026, 10, 22, 13, 30);

/** A folder that is not there yet, below one that goes. */
class Place implements Disposable {
  readonly above = mkdtempSync(join(tmpdir(), 'banspool-segments-'));
  readonly folder = join(this.above, 'events');

  read(): readonly string[] {
    return segmentsIn(this.folder).map((name) => readFileSync(join(this.folder, name), 'utf8'));
  }

  [Symbol.dispose](): void {
    rmSync(this.above, { recursive: true });
  }
}

const line = (bytes: number, letter = 'x'): string => `${letter.repeat(bytes - 1)}\n`;

segments('are made with the first line, and grow with the next', () => {
  using place = new Place();

  appendLines(place.folder, ['a\n'], NOW);
  appendLines(place.folder, ['b\n', 'c\n'], NOW + 5);

  assert.equal(place.read(), ['a\nb\nc\n']);
  const [name = ''] = segmentsIn(place.folder);
  assert.is(statSync(place.folder).mode & 0o777, 0o750);
  assert.is(statSync(join(place.folder, name)).mode & 0o777, 0o640);
});

segments('are no longer than a megabyte each, and the oldest goes when there are too many', () => {
  using place = new Place();
  const tenth = Math.floor(SEGMENT_BYTES / 10);

  for (let count = 0; count < 60; count += 1) appendLines(place.folder, [line(tenth)], NOW);
  appendLines(place.folder, Array(25).fill(line(tenth, 'y')), NOW - 1_000_000);

  const texts = place.read();
  assert.is(texts.length, MAX_SEGMENTS);
  assert.ok(texts.every((text) => text.length <= SEGMENT_BYTES));
  assert.is(texts.join('').match(/y/g)?.length, 25 * (tenth - 1));
  assert.match(texts.join(''), /^x+[^]*y\n$/);
});

segments('have a line that is longer than a file by itself', () => {
  using place = new Place();

  appendLines(place.folder, ['a\n', line(2 * SEGMENT_BYTES), 'b\n'], NOW);

  assert.equal(
    place.read().map((text) => text.length),
    [2, 2 * SEGMENT_BYTES, 2],
  );
});

segments('begin a line of their own after half a one', () => {
  using place = new Place();
  appendLines(place.folder, ['a\n'], NOW);
  const path = join(place.folder, segmentsIn(place.folder)[0] ?? '');
  writeFileSync(path, 'a\nhal');

  appendLines(place.folder, ['b\n'], NOW);

  assert.equal(place.read(), ['a\nhal\nb\n']);
});

segments('follow no link and open no folder that has the name of one', () => {
  using place = new Place();
  mkdirSync(place.folder);
  const target = join(place.above, 'target');
  writeFileSync(target, '');
  symlinkSync(target, join(place.folder, `${NOW}.jsonl`));
  mkdirSync(join(place.folder, `${NOW + 1}.jsonl`));

  appendLines(place.folder, ['a\n'], NOW);

  assert.is(readFileSync(target, 'utf8'), '');
  assert.is(readFileSync(join(place.folder, `${NOW + 2}.jsonl`), 'utf8'), 'a\n');
  assert.is(readPart(join(place.folder, `${NOW}.jsonl`), 0, 10), undefined);
});

segments('are read from any place, also from the end', () => {
  using place = new Place();
  const path = join(place.above, 'file');
  writeFileSync(path, '0123456789');
  const read = (from: number, most: number): readonly unknown[] => {
    const part = readPart(path, from, most);
    return [part?.bytes.toString(), part?.size];
  };

  assert.equal(read(2, 3), ['234', 10]);
  assert.equal(read(-3, 99), ['789', 10]);
  assert.equal(read(-99, 99), ['0123456789', 10]);
  assert.equal(read(12, 3), ['', 10]);
  assert.is(readPart(`${path}x`, 0, 1), undefined);
});

segments('fail with why, where there can be no folder', () => {
  using place = new Place();
  writeFileSync(place.folder, '');

  assert.throws(() => {
    appendLines(place.folder, ['a\n'], NOW);
  }, /EEXIST|ENOTDIR/);
});

segments.run();
