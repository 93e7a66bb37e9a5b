import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { staleStrays, type Stray } from '../../src/spool/strays.ts';

const strays = suite('strays');

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;
const NOW = 1_795_330_538_000;

const aged = (ageMs: number, bytes = 0): Stray => ({ bytes, changedAt: NOW - ageMs });

strays('one that changed within the hour is somebody’s at work, and stays', () => {
  assert.equal(staleStrays([aged(0), aged(HOUR_MS)], NOW), []);
});

strays('one that stood still for longer goes', () => {
  const cut = aged(HOUR_MS + 1);

  assert.equal(staleStrays([aged(5), cut, aged(7)], NOW), [cut]);
});

strays('of more than a hundred the oldest go', () => {
  const all = Array.from({ length: 103 }, (_, index) => aged(index));

  assert.equal(staleStrays(all, NOW), all.slice(100));
});

strays('of more than 64 MiB together the oldest go', () => {
  const all = [aged(3, 4 * MIB), aged(1, 60 * MIB), aged(2, 4 * MIB), aged(4)];

  assert.equal(staleStrays(all, NOW), [all[0], all[3]]);
});

strays('of a clock that was set back since, one stays as new', () => {
  assert.equal(staleStrays([aged(-HOUR_MS)], NOW), []);
});

strays('whatever lies there, what stays is bounded, and stays at the next look', () => {
  const measure = fc.record({
    bytes: fc.nat(8 * MIB),
    changedAt: fc.integer({ min: NOW - 2 * HOUR_MS, max: NOW }),
  });
  fc.assert(
    fc.property(fc.array(measure, { maxLength: 150 }), (all) => {
      const gone = new Set(staleStrays(all, NOW));
      const kept = all.filter((each) => !gone.has(each));

      assert.ok(kept.length <= 100 && kept.reduce((sum, { bytes }) => sum + bytes, 0) <= 64 * MIB);
      assert.equal(staleStrays(kept, NOW), []);
    }),
  );
});

strays.run();
