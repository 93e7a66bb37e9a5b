import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { minuteText } from '../../src/domain/words.ts';
import { localZone, zoneNames } from '../../src/system/local-zone.ts';

const zones = suite('the zone of this machine');

/** What clocks show there, before a change and after it; Node follows TZ while it runs. */
function shownIn(zone: string, times: readonly number[]): readonly string[] {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  try {
    const local = localZone(process.env);
    return times.map((time) => minuteText(time, local));
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, 'TZ');
    else process.env['TZ'] = before;
  }
}

const AUTUMN = Date.UTC(2026, 9, 25, 0, 30);
const HOUR = 3_600_000;

zones('has the time and the name that date(1) has, over a change of clocks', () => {
  assert.equal(shownIn('Europe/Berlin', [AUTUMN, AUTUMN + HOUR]), [
    '2026-10-25 02:30 CEST',
    '2026-10-25 02:30 CET',
  ]);
  assert.equal(shownIn('America/St_Johns', [Date.UTC(2026, 10, 1, 4), Date.UTC(2026, 10, 1, 5)]), [
    '2026-11-01 01:30 NDT',
    '2026-11-01 01:30 NST',
  ]);
});

zones('is one of a part of an hour, without letters, or on the other side of the world', () => {
  const winter = Date.UTC(2026, 0, 1);

  const shown = ['Asia/Kolkata', 'Asia/Kathmandu', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'UTC'];

  assert.equal(
    shown.flatMap((zone) => shownIn(zone, [winter])),
    [
      ...['2026-01-01 05:30 IST', '2026-01-01 05:45 +0545', '2025-12-31 21:00 -03'],
      ...['2026-01-01 11:00 +11', '2026-01-01 00:00 UTC'],
    ],
  );
});

zones('is UTC where TZ names none, and no file outside of those of zones is read for it', () => {
  for (const zone of ['Nowhere/Town', '../../../etc/passwd', '', 'Europe/../../../../etc/passwd'])
    assert.equal(shownIn(zone, [0]), ['1970-01-01 00:00 UTC'], zone);
});

zones('has the names of its file, and an hour between them where that says no more', () => {
  assert.equal(
    [...zoneNames('<+1030>-10:30<+11>-11,M10.1.0,M4.1.0')],
    [
      [630, '+1030'],
      [660, '+11'],
    ],
  );
  assert.equal(
    [...zoneNames('EST5EDT,M3.2.0,M11.1.0')],
    [
      [-300, 'EST'],
      [-240, 'EDT'],
    ],
  );
  assert.equal(
    [...zoneNames('IST-1GMT0,M10.5.0,M3.5.0/1')],
    [
      [60, 'IST'],
      [0, 'GMT'],
    ],
  );
  assert.equal([...zoneNames('\u001b[31mEST5'), ...zoneNames('')], []);
});

zones.run();
