import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REFUSAL_CODES } from '../../src/domain/refusals.ts';
import { metricsText } from '../../src/status/metrics.ts';
import { METRICS, samples } from './made-up-metrics.ts';

const test = suite('the metrics of servers and peers');

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

test('count what each server claims and began to ban, and 0 of one that is silent', () => {
  assert.equal(samples('server_claims'), [
    'banspool_server_claims{server="local"} 0',
    'banspool_server_claims{server="web1"} 3',
    'banspool_server_claims{server="fw2/web9"} 7',
  ]);
  assert.equal(samples('banned_total'), [
    'banspool_banned_total{server="local"} 0',
    'banspool_banned_total{server="web1"} 5',
  ]);
});

test('count refusals by their kind, of which each is there from the start', () => {
  const codes = samples('refused_by_code_total');

  assert.ok(codes.includes('banspool_refused_by_code_total{code="too-wide"} 4'));
  assert.ok(codes.includes('banspool_refused_by_code_total{code="not-yaml"} 0'));
  assert.is(codes.length, REFUSAL_CODES.length);
  assert.equal(samples('rejected_files')[1], 'banspool_rejected_files{server="web1"} 3');
});

test.run();
