import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEARTBEAT_MS, Rhythm } from '../../src/fleet/rhythm.ts';

const rhythm = suite('when a publication is due');

const NOW = 1_795_330_000_000;
const HOUR = 3_600_000;

rhythm('is at once, then a second after the last one where something changed, else a heartbeat', () => {
  const times = new Rhythm();

  const first = [times.isTooSoon(NOW), times.isSilent(NOW)];
  times.notePublished(NOW);

  const later = [0, 999, 1000, HEARTBEAT_MS - 1, HEARTBEAT_MS].map((after) => [
    times.isTooSoon(NOW + after),
    times.isSilent(NOW + after),
  ]);
  assert.equal(first, [false, true]);
  assert.equal(later, [
    [true, false],
    [true, false],
    [false, false],
    [false, false],
    [false, true],
  ]);
  assert.equal(
    [times.due({ hasNews: true }), times.due({ hasNews: false })],
    [NOW + 1000, NOW + HEARTBEAT_MS],
  );
});

rhythm('is ten seconds after a failure, and until then it rests', () => {
  const times = new Rhythm();
  times.noteFailed(NOW);

  assert.equal(
    [0, 9_999, 10_000].map((after) => times.isResting(NOW + after)),
    [true, true, false],
  );
  assert.is(times.due({ hasNews: true }), NOW + 10_000);
});

rhythm('is at once where the clock was ahead when it was published, or failed', () => {
  const times = new Rhythm();
  times.notePublished(NOW + HOUR);
  times.noteFailed(NOW + HOUR);

  assert.equal([times.isTooSoon(NOW), times.isSilent(NOW), times.isResting(NOW)], [false, true, false]);
});

rhythm.run();
