import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PeerClock } from '../../src/fleet/peer-clock.ts';
import type { Ban } from '../../src/claims/claim.ts';
import { MAX_AHEAD_MS } from '../../src/intent/clamp.ts';

const clocks = suite('times of a peer');

const NOW = 1_795_330_000_000;
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

function banAt(since: number, length = 10 * MINUTE): Ban {
  return { heard: since, since, until: since + length };
}

clocks('are taken as they are, up to five minutes ahead', () => {
  for (const ahead of [-HOUR, 0, MAX_AHEAD_MS]) {
    const clock = new PeerClock({ now: NOW, published: NOW + ahead });
    const time = NOW + ahead;

    assert.is(clock.isAhead({ bans: [banAt(time)], unbanned: time }), false);
    assert.equal([clock.timeOf(time), clock.banOf(banAt(time), undefined)], [time, banAt(time)]);
    assert.is(clock.liftOf(time, { bans: [], unbanned: NOW - HOUR }), time);
    assert.equal(clock.banOf(banAt(time), { bans: [banAt(NOW - HOUR)] }), banAt(time));
  }
});

clocks('are set back by what its clock is ahead, and bans keep their length', () => {
  const clock = new PeerClock({ now: NOW, published: NOW + HOUR });

  assert.is(clock.isAhead({ bans: [] }), true);
  assert.equal(
    [HOUR, HOUR - MINUTE, 0].map((ahead) => clock.timeOf(NOW + ahead)),
    [NOW, NOW - MINUTE, NOW - HOUR],
  );
  assert.equal(clock.banOf(banAt(NOW + HOUR - MINUTE), undefined), banAt(NOW - MINUTE));
  assert.equal(clock.banOf(banAt(NOW + HOUR, Infinity), undefined), banAt(NOW, Infinity));
});

clocks('that were taken in once stay, though the way of a publication takes longer', () => {
  const clock = new PeerClock({ now: NOW, published: NOW + HOUR - 20 * SECOND });
  const time = NOW + HOUR - MINUTE;

  assert.equal(clock.banOf(banAt(time), { bans: [banAt(NOW - MINUTE)] }), banAt(NOW - MINUTE));
  assert.is(clock.liftOf(time, { bans: [], unbanned: NOW - MINUTE }), NOW - MINUTE);
  // Another ban, or lift.
  const later = NOW - MINUTE + 20 * SECOND;
  assert.equal(
    clock.banOf(banAt(time, MINUTE * 2), { bans: [banAt(NOW - MINUTE)] }),
    banAt(later, MINUTE * 2),
  );
  assert.equal(clock.banOf(banAt(time), { bans: [banAt(NOW - HOUR)] }), banAt(later));
  assert.is(clock.liftOf(time, { bans: [], unbanned: NOW - HOUR }), later);
});

clocks('from before the peer set its clock are now, once', () => {
  const clock = new PeerClock({ now: NOW, published: NOW });
  const time = NOW + HOUR;
  const first = clock.banOf(banAt(time), undefined);

  const later = new PeerClock({ now: NOW + MINUTE, published: NOW + MINUTE });

  assert.is(clock.isAhead({ bans: [], unbanned: time }), true);
  assert.is(clock.isAhead({ bans: [banAt(NOW), banAt(time)] }), true);
  assert.equal([first, clock.liftOf(time, undefined)], [banAt(NOW), NOW]);
  assert.equal(later.banOf(banAt(time), { bans: [first] }), first);
  assert.is(later.liftOf(time, { bans: [], unbanned: NOW }), NOW);
});

clocks.run();
