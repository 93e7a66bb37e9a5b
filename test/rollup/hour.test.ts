import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dayOf } from '../../src/rollup/hour.ts';

const hour = suite('rollup/hour');

hour('is of a day that begins at midnight in UTC', () => {
  assert.is(dayOf(Date.UTC(2026, 10, 22)), Date.UTC(2026, 10, 22));
  assert.is(dayOf(Date.UTC(2026, 10, 22, 23, 59, 59, 999)), Date.UTC(2026, 10, 22));
});

hour.run();
