import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_HISTOGRAM, observe } from '../../src/status/histogram.ts';
import { counter, gauge, histogram } from '../../src/status/prometheus.ts';

const prometheus = suite('a family of metrics');

prometheus('has its help and type ahead of its lines, each with its labels', () => {
  const text = gauge('bans', 'Bans.', [[2], [3, { server: 'web1', jail: 'sshd' }]]);

  assert.is(
    text,
    [
      '# HELP banspool_bans Bans.',
      '# TYPE banspool_bans gauge',
      'banspool_bans 2',
      'banspool_bans{server="web1",jail="sshd"} 3',
      '',
    ].join('\n'),
  );
  assert.match(counter('passes_total', 'Passes.', []), /^# HELP .*\n# TYPE banspool_passes_total counter\n$/);
});

prometheus('is of its own lines, whatever its labels hold', () => {
  const text = gauge('bans', 'a\nb\\c', [[1, { jail: 'a"b\\c\n# TYPE d gauge\nd 1' }]]);

  assert.equal(text.split('\n'), [
    String.raw`# HELP banspool_bans a\nb\\c`,
    '# TYPE banspool_bans gauge',
    String.raw`banspool_bans{jail="a\"b\\c\n# TYPE d gauge\nd 1"} 1`,
    '',
  ]);
});

prometheus('of durations counts in each bucket all the shorter ones too, and in the last all', () => {
  const lines = histogram('took', 'Took.', observe(EMPTY_HISTOGRAM, [0.02, 0.2, 60])).split('\n');

  const counts = lines.flatMap(
    (line) => /^banspool_took_bucket\{le="(.+)"\} (\d+)$/.exec(line)?.slice(1).join(' ') ?? [],
  );
  assert.equal([counts[0], counts[1], counts.at(-2), counts.at(-1)], ['0.01 0', '0.025 1', '30 2', '+Inf 3']);
  assert.equal(lines.slice(-3), ['banspool_took_sum 60.22', 'banspool_took_count 3', '']);
});

prometheus.run();
