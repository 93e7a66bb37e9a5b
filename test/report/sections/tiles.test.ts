import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../../src/domain/words.ts';
import { tilesSection } from '../../../src/report/sections/tiles.ts';
import { REPORT } from '../../support/made-up-report.ts';
import { textOf } from '../text-of.ts';

const section = suite('the tiles');

section('have a name, an amount with its unit, and what it is of', () => {
  assert.is(
    textOf(tilesSection(REPORT, UTC)),
    'Banned now 3,285 3,102 addresses ' +
      'Banned in 24 h 132 half within 42 ms from file to drop ' +
      'Dropped in 24 h 1.3 M packets 74 MB ' +
      'Banned by two or more servers 214 7 % of all addresses ' +
      'Policy lines that end in 7 days 1 allow 203.0.113.64/28 in 3 d ' +
      'Refused in 24 h 3 files 17 kept to be read',
  );
});

section('say so where nothing is counted or timed', () => {
  const tiles = {
    ...REPORT.tiles,
    addresses: 0,
    shared: 0,
    median: undefined,
    dropped: undefined,
    endsSoon: [],
  };
  const text = textOf(tilesSection({ ...REPORT, tiles }, UTC));

  assert.match(text, /no file was timed Dropped in 24 h – packets are not counted/);
  assert.match(text, /0 0 % of all addresses Policy lines that end in 7 days 0 allow and deny/);
});

section.run();
