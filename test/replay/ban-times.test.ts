import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanTimes } from '../../src/replay/ban-times.ts';
import { spanOf } from './made-up-spans.ts';

const test = suite('replay/ban-times');

/** `203.0.113.7 web1 before,after 10-20`. */
function told(times: BanTimes): readonly string[] {
  return Array.from(times.nets).flatMap((each) =>
    Array.from(times.entriesOf(each), ({ label, before, after, from, to }) => {
      const sides = [...(before ? ['before'] : []), ...(after ? ['after'] : [])];
      return `${each.net.text} ${label.server} ${sides.join()} ${from}-${to}`;
    }),
  );
}

test('hold what both policies make of a claim, cut to the time that is meant', () => {
  const times = new BanTimes({ since: 10, end: 90 });

  times.add([spanOf('203.0.113.7', [0, 20])], [spanOf('203.0.113.7', [0, 20])]);
  times.add([spanOf('203.0.113.8', [20, 99], { server: 'web2' })], [spanOf('203.0.113.8', [20, 30])]);
  times.add([spanOf('203.0.113.9', [0, 10])], [spanOf('203.0.113.9', [90, 95])]);

  assert.equal(told(times), [
    '203.0.113.7 web1 before,after 10-20',
    '203.0.113.8 web2 before 20-90',
    '203.0.113.8 web1 after 20-30',
  ]);
});

test('are one where the same goes on, whatever was committed meanwhile', () => {
  const times = new BanTimes({ since: 0, end: 90 });

  for (const [from, to] of [
    [0, 10],
    [10, 20],
    [30, 40],
  ] as const)
    times.add([spanOf('203.0.113.7', [from, to])], [spanOf('203.0.113.7', [from, to])]);

  assert.equal(told(times), ['203.0.113.7 web1 before,after 0-20', '203.0.113.7 web1 before,after 30-40']);
});

test.run();
