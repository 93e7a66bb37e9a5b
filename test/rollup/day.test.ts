/** Figures of a day, their bounds, and their file. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Day, dayFile, decodeDay, encodeDay } from '../../src/rollup/day.ts';
import { DAY_MS, HOUR_MS, type Hour } from '../../src/rollup/hour.ts';
import { BOUNDS } from '../../src/status/histogram.ts';

const day = suite('rollup/day');

const START = Date.UTC(2026, 10, 22);

function dayWith(fill: (day: Day) => void): Day {
  const made = new Day(START);
  fill(made);
  return made;
}

day('has an hour for each in which something happened, and knows which one nobody watched', () => {
  const made = dayWith((mine) => {
    mine.banned(START + 5, { server: 'web1', jail: 'sshd' });
    mine.banned(START + 6, { server: 'web1', jail: 'sshd' }, 2);
    mine.ended(START + HOUR_MS);
    mine.drifted(START + HOUR_MS, 'iptables');
    mine.refused(START + 3 * HOUR_MS, 'web2', 4);
    mine.dropped(START + 3 * HOUR_MS, { packets: 10, bytes: 600 });
  });

  const none = { bans: [], ended: 0, drift: [], refused: null, packets: null, bytes: null, latency: null };
  const zeros = [...BOUNDS, 0].map(() => 0);
  assert.equal(made.hours(), [
    { ...none, time: START, bans: [{ server: 'web1', jail: 'sshd', count: 3 }] },
    { ...none, time: START + HOUR_MS, ended: 1, drift: [{ culprit: 'iptables', count: 1 }] },
    {
      ...{ ...none, time: START + 3 * HOUR_MS, refused: [{ server: 'web2', count: 4 }] },
      ...{ packets: 10, bytes: 600, latency: zeros },
    },
  ]);
});

day('is read back from its file as it was written, and added to nothing is the same', () => {
  const counts = fc.integer({ min: 1, max: 50 });
  const name = fc.constantFrom('web1', 'web2', 'fw2/web1', 'sshd', 'other', '<b>');
  const note = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 23 }), name, name, counts);
  fc.assert(
    fc.property(fc.array(note), (notes) => {
      const made = dayWith((mine) => {
        for (const [kind, hour, server, jail, count] of notes) {
          const time = START + hour * HOUR_MS;
          if (kind === 0) mine.banned(time, { server, jail }, count);
          if (kind === 1) mine.ended(time, count);
          if (kind === 2) mine.drifted(time, jail, count);
          if (kind === 3) mine.refused(time, server, count);
          if (kind === 4) mine.dropped(time, { packets: count, bytes: 60 * count });
          if (kind === 5)
            mine.enforced(
              time,
              [...BOUNDS, 0].map(() => count),
            );
        }
      });
      made.counted = START + DAY_MS;

      const read = decodeDay(encodeDay(made));

      assert.equal(read, { counted: START + DAY_MS, hours: made.hours() });
      const again = dayWith((mine) => {
        mine.add(read?.hours ?? []);
      });
      assert.equal(again.hours(), made.hours());
    }),
    { numRuns: 50 },
  );
});

day('stays small whatever servers call themselves and their jails, and counts the rest together', () => {
  const made = dayWith((mine) => {
    for (let hour = 0; hour < 24; hour += 1)
      for (let server = 0; server < 50; server += 1)
        for (let jail = 0; jail < 100; jail += 1) {
          const names = {
            server: `server-${server}${'x'.repeat(50)}`,
            jail: `${hour % 3}${jail}${'y'.repeat(55)}`,
          };
          mine.banned(START + hour * HOUR_MS, names);
          mine.refused(START + hour * HOUR_MS, names.server);
        }
  });

  const text = encodeDay(made);

  assert.ok(text.length < 128 * 1024, String(text.length));
  const sum = (hours: readonly Hour[]): number =>
    hours.reduce((all, { bans }) => all + bans.reduce((own, { count }) => own + count, 0), 0);
  assert.is(sum(decodeDay(text)?.hours ?? []), 24 * 50 * 100);
});

day('is undefined for what is no file of one', () => {
  assert.is(dayFile(START), '2026-11-22.json');
  for (const text of [
    '',
    '{}',
    '[]',
    '{"version":2,"day":"2026-11-22","counted":null,"names":[],"hours":[]}',
  ])
    assert.is(decodeDay(text), undefined, text);
  assert.is(decodeDay('{"version":1,"day":"x","counted":null,"names":[],"hours":[]}'), undefined);
});

day('forgets what git tells, and no more', () => {
  const made = dayWith((mine) => {
    mine.banned(START, { server: 'web1', jail: 'sshd' });
    mine.refused(START, 'web1');
  });

  made.forgetTold();

  assert.equal(
    made.hours().map(({ bans, refused }) => [bans.length, refused?.length]),
    [[0, 1]],
  );
});

day.run();
