import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText } from '../../src/top/line.ts';
import { makeScreen } from '../../src/top/screen.ts';
import { FIRST_VIEW } from '../../src/top/view.ts';
import { NOW, seenOf, STATUS } from '../support/top-seen.ts';

const test = suite('top/screen');

const isFalse = (type: string) => ({ type, status: 'False' as const, reason: 'Why', message: 'm' });

test('the verdict is the word of status, with what waits and what was refused where there is any', () => {
  const verdict = (fields: Partial<typeof STATUS>): string =>
    plainText(makeScreen(seenOf({ status: { ...STATUS, ...fields } }), FIRST_VIEW, 24).verdict);

  assert.is(verdict({}), 'converged  2 bans, 3 claims');
  assert.is(
    verdict({ converged: false, refused: 4_000, waiting: 7 }),
    'not converged  2 bans, 3 claims, 4,000 refused, 7 waiting',
  );
  assert.is(verdict({ mode: 'observe' }), 'observe: nothing is enforced; 2 bans would be  3 claims');
});

test('its colour is green where all is well, yellow where something else is wrong, red where it is not converged', () => {
  const style = (converged: boolean, healthy: boolean): unknown =>
    makeScreen(seenOf({ status: { ...STATUS, converged, healthy } }), FIRST_VIEW, 24).verdict[0]?.style;

  assert.equal([style(true, true), style(true, false), style(false, false)], ['good', 'warning', 'bad']);
});

test('what keeps it from converging is told first, and what is tried last', () => {
  const unconfirmed = [{ what: 'a ban of 192.0.2.1', until: '2026-11-29T12:05:00.000Z' }];
  const conditions = [
    isFalse('Committed'),
    isFalse('Converged'),
    { ...isFalse('Unlocked'), status: 'True' as const },
  ];

  const { alerts } = makeScreen(seenOf({ status: { ...STATUS, conditions, unconfirmed } }), FIRST_VIEW, 24);

  assert.equal(alerts.map(plainText), [
    'Converged is false (Why): m',
    'Committed is false (Why): m',
    'tried a ban of 192.0.2.1: undone at 2026-11-29 12:05:00 UTC unless banspool confirm keeps it',
  ]);
});

test('tells when the controller last checked, or that it never did, and that it is paused', () => {
  const moment = (checkedAt: number | undefined, isPaused = false): readonly string[] =>
    makeScreen(seenOf({ checkedAt }), { ...FIRST_VIEW, isPaused }, 24).moment.map(({ text }) => text);

  assert.equal(moment(NOW - 12_000), ['checked 12 s ago', '12:00:00 UTC', 'fw1']);
  assert.equal(moment(undefined, true), ['never checked', 'paused at 12:00:00 UTC', 'fw1']);
});

test('bans are summed up over the last minute and the last hour', () => {
  const minutes = [9_000, ...Array.from({ length: 59 }, () => 20), 7];

  assert.equal(makeScreen(seenOf({ minutes }), FIRST_VIEW, 24).minutesNotes, [
    ...['7 this minute, 1,187 in 60 min', '1,187 in 60 min', ''],
  ]);
});

test('the last line has the keys, or the filter as it is typed', () => {
  const footer = (view: Partial<typeof FIRST_VIEW>): string =>
    plainText(makeScreen(seenOf(), { ...FIRST_VIEW, ...view }, 24).footer).trimEnd();

  assert.is(footer({}), 'q quit   ? help   / filter   s sort   p pause   tab next view');
  assert.match(footer({ filter: 'web' }), /filter: web$/);
  assert.is(footer({ filter: 'web', isTyping: true }), 'filter: web_   enter keeps it, esc removes it');
});

test.run();
