import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_HISTOGRAM, observe } from '../../src/status/histogram.ts';
import { metricsText, type Metrics } from '../../src/status/metrics.ts';
import { METRICS, samples, TEXT } from './made-up-metrics.ts';

const test = suite('the metrics');

test('tell which version it is, on which Node, and since when', () => {
  assert.equal(samples('build_info'), ['banspool_build_info{version="1.2.3",node="20.19.2"} 1']);
  assert.equal(samples('started_timestamp_seconds'), ['banspool_started_timestamp_seconds 1795600800']);
});

test('call it healthy while nothing is wrong but what needs nobody', () => {
  const healthOf = (conditions: Metrics['record']['conditions']): string | undefined =>
    /^banspool_healthy (\d)$/m.exec(
      metricsText({ ...METRICS, record: { ...METRICS.record, converged: true, conditions } }),
    )?.[1];
  const wrong = { status: 'False', message: '' } as const;

  assert.equal(samples('healthy'), ['banspool_healthy 0']);
  assert.is(healthOf([{ ...wrong, type: 'HooksPresent', reason: 'HookMissing' }]), '1');
  assert.is(healthOf([{ ...wrong, type: 'Committed', reason: 'GitFailed' }]), '0');
});

test('count what each jail drops, and the passes that reverted what each program did', () => {
  assert.equal(samples('jail_bans'), [
    'banspool_jail_bans{jail="sshd",family="ipv4"} 2',
    'banspool_jail_bans{jail="policy",family="ipv6"} 1',
  ]);
  assert.equal(samples('drift_by_program_total'), ['banspool_drift_by_program_total{program="iptables"} 2']);
});

test('tell what each jail dropped, by family, also where that is nothing yet', () => {
  assert.equal(samples('dropped_packets_total'), [
    'banspool_dropped_packets_total{jail="sshd",family="ipv4"} 12',
    'banspool_dropped_packets_total{jail="sshd",family="ipv6"} 0',
  ]);
  assert.equal(
    samples('dropped_bytes_total')[0],
    'banspool_dropped_bytes_total{jail="sshd",family="ipv4"} 720',
  );
});

test('tell whether it converged, how much there is, and which condition is false', () => {
  assert.equal(samples('converged'), ['banspool_converged 0']);
  assert.equal(samples('observe'), ['banspool_observe 0']);
  assert.match(
    metricsText({ ...METRICS, record: { ...METRICS.record, mode: 'observe' } }),
    '\nbanspool_observe 1\n',
  );
  assert.equal(samples('bans'), ['banspool_bans 2']);
  assert.equal(samples('claims'), ['banspool_claims 3']);
  assert.equal(samples('set_members'), ['banspool_set_members{set="fail2ban-sshd"} 2000']);
  assert.equal(samples('condition'), [
    'banspool_condition{type="Converged"} 0',
    'banspool_condition{type="StateSaved"} 1',
  ]);
});

test('tell how long bans took, each bucket with all the shorter ones', () => {
  const buckets = samples('ban_latency_seconds_bucket');

  assert.is(buckets[0], 'banspool_ban_latency_seconds_bucket{le="0.01"} 0');
  assert.is(buckets[2], 'banspool_ban_latency_seconds_bucket{le="0.05"} 2');
  assert.is(buckets.at(-2), 'banspool_ban_latency_seconds_bucket{le="30"} 2');
  assert.is(buckets.at(-1), 'banspool_ban_latency_seconds_bucket{le="+Inf"} 3');
  assert.equal(samples('ban_latency_seconds_count'), ['banspool_ban_latency_seconds_count 3']);
  assert.equal(samples('ban_latency_seconds_sum'), ['banspool_ban_latency_seconds_sum 45.052']);
});

test('leave out what never was', () => {
  assert.equal(samples('last_pass_timestamp_seconds'), []);
  assert.match(TEXT, /^banspool_last_commit_timestamp_seconds 1795600000\.5$/m);
});

test('are lines that Prometheus reads, each of a family with help and type', () => {
  const families = new Set(
    Array.from(TEXT.matchAll(/^# TYPE (\S+) (gauge|counter|histogram)$/gm), ([, name]) => name),
  );

  for (const line of TEXT.trimEnd()
    .split('\n')
    .filter((each) => !each.startsWith('#'))) {
    const name = /^([a-z_]+)(?:\{(?:,?[a-z]+="[A-Za-z0-9.+/-]+")+\})? -?[0-9.e+]+$/.exec(line)?.[1];
    assert.ok(families.has(name?.replace(/_(bucket|sum|count)$/, '')), line);
  }
  assert.ok(TEXT.endsWith('\n'));
});

test('count every duration once, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true })), (seconds) => {
      const { counts, sum } = observe(EMPTY_HISTOGRAM, seconds);

      assert.is(
        counts.reduce((total, count) => total + count, 0),
        seconds.length,
      );
      assert.is(
        sum,
        seconds.reduce((total, each) => total + each, 0),
      );
    }),
  );
});

test.run();
