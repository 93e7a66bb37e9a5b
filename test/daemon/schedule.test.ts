import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Schedule, type Outcome } from '../../src/daemon/schedule.ts';

const test = suite('a pass');

const GOOD: Outcome = { kind: 'full', nextDue: Infinity, failuresInARow: 0, failed: false, blocked: false };

/** A wall clock that stands where the steady one does. */
const at = (milliseconds: number): { steady: number; wall: number } => ({
  steady: milliseconds,
  wall: milliseconds,
});

test('is due at once at the start, and in full again after the interval', () => {
  const schedule = new Schedule(60_000);

  const atStart = schedule.due(at(0));
  schedule.note(GOOD, at(0));

  assert.is(atStart, 'full');
  assert.is(schedule.due(at(59_999)), undefined);
  assert.is(schedule.due(at(60_000)), 'full');
});

test('is due at the end of a ban, to the millisecond', () => {
  const schedule = new Schedule(60_000);

  schedule.note({ ...GOOD, nextDue: 1_234 }, at(0));

  assert.is(schedule.wait(at(1_000)), 234);
  assert.is(schedule.due(at(1_233)), undefined);
  assert.is(schedule.due(at(1_234)), 'quick');
});

test('that failed is tried again after 1, 2, 4, 8 and then every 10 seconds', () => {
  const schedule = new Schedule(60_000);
  const waits: number[] = [];

  for (let failures = 1; failures <= 6; failures += 1) {
    schedule.note({ ...GOOD, failuresInARow: failures, failed: true }, at(0));
    waits.push([1_000, 2_000, 4_000, 8_000, 10_000].find((wait) => schedule.due(at(wait)) === 'full') ?? NaN);
  }

  assert.equal(waits, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('that failed at the firewall is not due before its next try, and never waits for nothing', () => {
  const schedule = new Schedule(1_000);

  // A ban has ended meanwhile, and the interval is over.
  schedule.note({ ...GOOD, nextDue: 10, failuresInARow: 3, failed: true, blocked: true }, at(0));

  assert.is(schedule.due(at(3_999)), 'blocked');
  assert.ok(schedule.wait(at(3_000)) > 0, 'it would spin');
  assert.is(schedule.due(at(4_000)), 'full');
});

test('is due by the wall clock when that is set ahead, and no sooner when it is set back', () => {
  const schedule = new Schedule(60_000);

  schedule.note({ ...GOOD, nextDue: 100_000 }, at(0));

  assert.is(schedule.due({ steady: 5, wall: 100_000 }), 'quick');
  assert.is(schedule.due({ steady: 5, wall: -100_000 }), undefined);
});

test('for news of peers leaves time after the last one, and keeps nothing else', () => {
  const schedule = new Schedule(60_000);
  schedule.note(GOOD, at(0));
  schedule.note({ ...GOOD, kind: 'quick' }, at(10));
  const before = schedule.mayHear(at(10));

  schedule.noteNews();
  schedule.note({ ...GOOD, kind: 'quick', nextDue: 300 }, at(100));
  schedule.note({ ...GOOD, kind: 'quick', nextDue: 300 }, at(200));

  assert.equal(
    [before, ...[100, 349, 350].map((time) => schedule.mayHear(at(time)))],
    [true, false, false, true],
  );
  assert.is(schedule.due(at(300)), 'quick');
  assert.equal(
    [200, 320, 350].map((time) => schedule.wait(at(time))),
    [100, 0, 0],
  );
  schedule.note({ ...GOOD, kind: 'quick' }, at(300));
  assert.equal(
    [300, 350].map((time) => schedule.wait(at(time))),
    [50, 2_000],
  );
});

test.run();
