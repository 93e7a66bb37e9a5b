import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { patienceAfter } from '../../src/firewall/family-patience.ts';

const patience = suite('patience with a family');

patience('is several times what it took at the most, and never less than a busy machine needs', () => {
  assert.equal([0, 100, 1_250].map(patienceAfter), [5_000, 5_000, 5_000]);
  assert.equal([2_000, 10_000].map(patienceAfter), [8_000, 40_000]);
});

patience.run();
