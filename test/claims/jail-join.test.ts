import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_JAIL, type Jail } from '../../src/claims/claim.ts';
import {
  flushedUntil,
  joinFlush,
  joinScope,
  joinSnapshot,
  joinStop,
  lastFlush,
  nextFlush,
} from '../../src/claims/jail-join.ts';

const joining = suite('what is joined to a jail');

const SECOND = 1000;
const flush = (seconds: number, arrived = seconds): Jail['flushes'][number] => ({
  time: seconds * SECOND,
  arrived: arrived * SECOND,
});

joining('lets a flush count ten seconds after it came, unless a stop followed it within them', () => {
  const flushed = joinFlush(EMPTY_JAIL, flush(1, 3));
  const told = (jail: Jail, seconds: number): readonly number[] =>
    [flushedUntil, lastFlush, nextFlush].map((each) => each(jail, seconds * SECOND) / SECOND);

  assert.equal(told(flushed, 12.999), [-Infinity, -Infinity, 13]);
  assert.equal(told(flushed, 13), [1, 13, Infinity]);
  assert.equal(told(joinStop(flushed, 11 * SECOND), 13), [-Infinity, -Infinity, Infinity]);
  assert.equal(told(joinStop(flushed, 11 * SECOND + 1), 13), [1, 13, Infinity]);
});

joining('keeps the first arrival of a flush that comes again', () => {
  const twice = joinFlush(joinFlush(EMPTY_JAIL, flush(1, 3)), flush(1, 8));

  assert.equal(twice.flushes, [flush(1, 3)]);
});

joining(
  'remembers the newest sixteen flushes and stops, and lifts nothing by one from before all these',
  () => {
    const times = Array.from({ length: 20 }, (_, index) => (index + 1) * 100);
    const stopped = times.reduce((jail, seconds) => joinStop(jail, seconds * SECOND), EMPTY_JAIL);
    const jail = times.reduce((each, seconds) => joinFlush(each, flush(seconds)), stopped);
    const late = joinFlush(stopped, flush(50));

    assert.equal([jail.stops.length, jail.stops[0], jail.stops.at(-1)], [16, 2000 * SECOND, 500 * SECOND]);
    assert.equal([jail.flushes.length, jail.flushes[0]], [16, flush(2000)]);
    assert.is(flushedUntil(late, 5000 * SECOND), -Infinity);
  },
);

joining('keeps the newer ports, of two as new the same in any order, and the newest snapshot', () => {
  const scope = (said: number, ports: string): NonNullable<Jail['scope']> => ({
    said,
    ports,
    protocols: 'tcp',
  });
  const joined = (...scopes: readonly NonNullable<Jail['scope']>[]): Jail =>
    scopes.reduce(joinScope, EMPTY_JAIL);

  assert.equal(joined(scope(2, '22'), scope(1, '80')).scope, scope(2, '22'));
  assert.equal(joined(scope(2, '22'), scope(2, '80')), joined(scope(2, '80'), scope(2, '22')));
  assert.equal([5, 7, 6].reduce(joinSnapshot, EMPTY_JAIL).snapshot, 7);
});

joining.run();
