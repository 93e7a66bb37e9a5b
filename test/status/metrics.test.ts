import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_HISTOGRAM, observe } from '../../src/status/histogram.ts';
import { metricsText, type Metrics } from '../../src/status/metrics.ts';

const test = suite('the metrics');

const ALERTS = join(import.meta.dirname, '../../../systemd/examples/alerts.yaml');

const METRICS: Metrics = {
  record: {
    version: 1,
    state: '/var/lib/banspool/state',
    controller: null,
    stoppedAt: null,
    ignored: 0,
    pid: 1,
    startedAt: '2026-11-25T10:00:00.000Z',
    updatedAt: '2026-11-25T10:00:05.500Z',
    interval: 60_000,
    converged: false,
    conditions: [
      { type: 'Converged', status: 'False', reason: 'ApplyFailed', message: 'ipv4: "quoted"\n' },
      { type: 'StateSaved', status: 'True', reason: 'AsExpected', message: '' },
    ],
    sets: [{ name: 'fail2ban-sshd', members: 2_000, capacity: 65_536 }],
    bans: 2,
    claims: 3,
    refused: 5,
    servers: [
      { name: 'local', lastHeard: null, intents: 0, refused: 0, discarded: 0, kept: 0, lastRefused: null },
      {
        name: 'web1',
        lastHeard: '2026-11-25T10:00:01.250Z',
        intents: 7,
        refused: 4,
        discarded: 1,
        kept: 3,
        lastRefused: null,
      },
    ],
    lastPass: null,
    passes: [],
    failuresInARow: 0,
    unconfirmed: [],
  },
  peers: [
    { peer: 'fw2', published: 1_795_600_000_500, claims: 7, refused: 2 },
    { peer: 'fw3', published: undefined, claims: 0, refused: 0 },
  ],
  waiting: [
    { server: 'local', files: 0, oldest: 0 },
    { server: 'web1', files: 12, oldest: 61_500 },
  ],
  counters: {
    passes: { ok: 10, problem: 1, failed: 0 },
    changes: 8,
    drift: 2,
    passDuration: observe(EMPTY_HISTOGRAM, [0.2]),
    banLatency: observe(EMPTY_HISTOGRAM, [0.012, 0.04, 45]),
  },
  lastCommit: 1_795_600_000_500,
};

const TEXT = metricsText(METRICS);

function samples(name: string): readonly string[] {
  return TEXT.split('\n').filter(
    (line) => line.startsWith(`banspool_${name}`) && /[ {]/.test(line.charAt(9 + name.length)),
  );
}

test('tell of each peer when it was heard, if ever, what is held of it and what is refused', () => {
  assert.equal(samples('peer_heard_timestamp_seconds'), [
    'banspool_peer_heard_timestamp_seconds{peer="fw2"} 1795600000.5',
  ]);
  assert.equal(samples('peer_claims'), [
    'banspool_peer_claims{peer="fw2"} 7',
    'banspool_peer_claims{peer="fw3"} 0',
  ]);
  assert.equal(samples('peer_refused'), [
    'banspool_peer_refused{peer="fw2"} 2',
    'banspool_peer_refused{peer="fw3"} 0',
  ]);
  assert.not.match(metricsText({ ...METRICS, peers: [] }), 'banspool_peer_');
});

test('tell whether it converged, how much there is, and which condition is false', () => {
  assert.equal(samples('converged'), ['banspool_converged 0']);
  assert.equal(samples('bans'), ['banspool_bans 2']);
  assert.equal(samples('claims'), ['banspool_claims 3']);
  assert.equal(samples('set_members'), ['banspool_set_members{set="fail2ban-sshd"} 2000']);
  assert.equal(samples('condition'), [
    'banspool_condition{type="Converged"} 0',
    'banspool_condition{type="StateSaved"} 1',
  ]);
});

test('tell of each server what was heard, refused and waits', () => {
  assert.equal(samples('refused_total'), [
    'banspool_refused_total{server="local"} 0',
    'banspool_refused_total{server="web1"} 4',
  ]);
  assert.equal(samples('last_heard_timestamp_seconds'), [
    'banspool_last_heard_timestamp_seconds{server="web1"} 1795600801.25',
  ]);
  assert.equal(samples('spool_files')[1], 'banspool_spool_files{server="web1"} 12');
  assert.equal(
    samples('spool_oldest_age_seconds')[1],
    'banspool_spool_oldest_age_seconds{server="web1"} 61.5',
  );
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
    const name = /^([a-z_]+)(?:\{[a-z]+="[A-Za-z0-9.+-]+"\})? -?[0-9.e+]+$/.exec(line)?.[1];
    assert.ok(families.has(name?.replace(/_(bucket|sum|count)$/, '')), line);
  }
  assert.ok(TEXT.endsWith('\n'));
});

test('are all that the example alerts speak of', () => {
  const names = new Set(readFileSync(ALERTS, 'utf8').match(/\bbanspool_[a-z_]+/g));

  assert.ok(names.size >= 8);
  for (const name of names) assert.ok(TEXT.includes(`${name}{`) || TEXT.includes(`${name} `), name);
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
