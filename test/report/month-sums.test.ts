import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../src/domain/words.ts';
import { historyOf } from '../../src/report/history.ts';
import { monthBegin, MonthSums } from '../../src/report/month-sums.ts';
import { DAY_MS, HOUR_MS, type Hour } from '../../src/rollup/hour.ts';

const test = suite('sums of a month');

const NOW = Date.UTC(2026, 10, 28, 21, 40);
const BEGIN = monthBegin(NOW);

function hour(time: number, figures: Partial<Hour> = {}): Hour {
  const unseen = { refused: null, packets: null, bytes: null, latency: null };
  return { time, bans: [], ended: 0, drift: [], ...unseen, ...figures };
}

const figures: Partial<Hour> = {
  bans: [{ server: 'web1', jail: 'sshd', count: 4 }],
  drift: [{ culprit: 'ufw', count: 2 }],
  ...{ refused: [{ server: 'web1', count: 1 }], packets: 10, bytes: 600, latency: [1, 2] },
};

test('end with the hour that is under way, and leave out what is older', () => {
  const sums = new MonthSums(BEGIN, UTC).add(
    [BEGIN - HOUR_MS, BEGIN, BEGIN + 30 * DAY_MS - HOUR_MS, BEGIN + 30 * DAY_MS].map((time) =>
      hour(time, figures),
    ),
  );

  assert.is(BEGIN + 30 * DAY_MS, Date.UTC(2026, 10, 28, 22));
  assert.equal(
    sums.days.map(({ bans }) => bans),
    [4, ...Array.from({ length: 28 }, () => 0), 4],
  );
});

test('are the same whether all hours are added to one, or some of them to its copy', () => {
  const times = [0, 5, 29 * 24, 29 * 24 + 1, 29 * 24 + 2].map((ago) => BEGIN + ago * HOUR_MS);
  const hours = times.map((time) => hour(time, figures));
  const past = new MonthSums(BEGIN, UTC).add(hours.slice(0, 3));
  const before = JSON.stringify(historyOf(past));

  const whole = past.copy().add(hours.slice(3));

  assert.equal(historyOf(whole), historyOf(new MonthSums(BEGIN, UTC).add(hours)));
  assert.is(JSON.stringify(historyOf(past)), before);
});

test.run();
