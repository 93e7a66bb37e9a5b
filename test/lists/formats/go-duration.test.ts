import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseGoDuration } from '../../../src/lists/formats/go-duration.ts';

const duration = suite('a length of time in Go');

for (const [text, milliseconds] of [
  ['3h50m58.10039043s', 13_858_100],
  ['167h59m59s', 604_799_000],
  ['1m0s', 60_000],
  ['0s', 0],
  ['2m53.949221341s', 173_949],
  ['850ms', 850],
  ['1.5ms', 1],
  ['20µs', 0],
  ['-1m2s', 0],
  ['', undefined],
  ['-', undefined],
  ['4 hours', undefined],
  ['1d', undefined],
  ['3h 2m', undefined],
  ['9999999999h', undefined],
] as const)
  duration(`"${text}" is ${milliseconds === undefined ? 'none' : `${milliseconds} ms`}`, () => {
    assert.is(parseGoDuration(text), milliseconds);
  });

duration.run();
