import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BanTimes } from '../../src/replay/ban-times.ts';
import type { Sums } from '../../src/replay/replayed.ts';
import { ruleText } from '../../src/replay/rule.ts';
import { Totals } from '../../src/replay/totals.ts';
import { allowedBy, spanOf } from './made-up-spans.ts';

const test = suite('replay/totals');

const sumText = ({ before, after }: Sums): string =>
  `${before.addresses} for ${before.time}, ${after.addresses} for ${after.time}`;

test('count each address once, and the time at which several ban it once', () => {
  const times = new BanTimes({ since: 0, end: 100 });
  const both = [
    spanOf('203.0.113.7', [0, 30]),
    spanOf('203.0.113.7', [20, 50], { server: 'web2' }),
    spanOf('203.0.113.7', [40, 60], { jail: 'postfix' }),
  ];
  times.add(both, both);
  times.add(
    [spanOf('203.0.113.8', [0, 10])],
    [spanOf('203.0.113.8', [0, 10], { why: allowedBy('203.0.113.8') })],
  );
  const totals = new Totals();
  for (const each of times.nets) totals.add(Array.from(times.entriesOf(each)));

  const { total, jails, servers, rules } = totals.sums();

  assert.is(sumText(total), '2 for 70, 1 for 60');
  assert.equal(
    Array.from(jails, ([jail, sums]) => `${jail} ${sumText(sums)}`),
    ['sshd 2 for 60, 1 for 50', 'postfix 1 for 20, 1 for 20'],
  );
  assert.equal(
    Array.from(servers, ([server, sums]) => `${server} ${sumText(sums)}`),
    ['web1 2 for 60, 1 for 50', 'web2 1 for 30, 1 for 30'],
  );
  assert.equal(
    rules.map(({ rule, ...sums }) => `${ruleText(rule)} ${sumText(sums)}`),
    ['allow 203.0.113.8 0 for 0, 1 for 10'],
  );
});

test.run();
