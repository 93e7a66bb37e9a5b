/** What Prometheus's own tool says of the metrics, of the alerts and of the dashboard's queries. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gauge } from '../../src/status/prometheus.ts';
import { TEXT } from '../status/made-up-metrics.ts';
import { EXAMPLES, queries, queryOf } from './dashboard.ts';
import { findPromtool, promtoolOn, promtoolReading } from './promtool.ts';

const test = suite('for Prometheus');

const ALERTS = join(EXAMPLES, 'alerts.yaml');

/** Values of a series each minute; `0+1x60` begins at 0 and adds 1 sixty times. */
interface Series {
  readonly series: string;
  readonly values: string;
}

const FW1 = 'instance="fw1"';

/** A firewall that is well, but for what is given; a metric once. */
function firewall(...special: readonly Series[]): readonly Series[] {
  const well = [
    { series: `banspool_converged{${FW1}}`, values: '1x120' },
    { series: `banspool_healthy{${FW1}}`, values: '1x120' },
    { series: `banspool_updated_timestamp_seconds{${FW1}}`, values: '0+60x120' },
    { series: `banspool_started_timestamp_seconds{${FW1}}`, values: '0x120' },
    { series: `banspool_condition{${FW1},type="Committed"}`, values: '1x120' },
    { series: `banspool_condition{${FW1},type="HooksPresent"}`, values: '0x120' },
    { series: `banspool_spool_oldest_age_seconds{${FW1},server="web1"}`, values: '0x120' },
    { series: `banspool_last_heard_timestamp_seconds{${FW1},server="web1"}`, values: '0+60x120' },
    { series: `banspool_last_heard_timestamp_seconds{${FW1},server="local"}`, values: '0x120' },
    { series: `banspool_refused_total{${FW1},server="web1"}`, values: '3x120' },
    { series: `banspool_drift_repaired_total{${FW1}}`, values: '5x120' },
    ...['0.5', '10', '+Inf'].map((le) => ({
      series: `banspool_ban_latency_seconds_bucket{${FW1},le="${le}"}`,
      values: '0+1x120',
    })),
  ];
  const replaced = new Set(special.map(({ series }) => series));
  return [...well.filter(({ series }) => !replaced.has(series)), ...special];
}

/** Which alerts fire after two hours, with their labels. */
async function firing(series: readonly Series[]): Promise<readonly string[]> {
  const { stdout, stderr } = await promtoolOn(
    {
      rule_files: [ALERTS],
      evaluation_interval: '1m',
      tests: [
        { input_series: series, interval: '1m', promql_expr_test: [showing('ALERTS{alertstate="firing"}')] },
      ],
    },
    ...['test', 'rules'],
  );
  return Array.from(
    `${stdout}${stderr}`.matchAll(/alertname="(\w+)".*?\} 1E\+00/g),
    ([, alert = '']) => alert,
  ).sort();
}

/** A question whose answer promtool prints, since it is not the one that is wanted. */
function showing(expr: string): unknown {
  return { expr, eval_time: '2h', exp_samples: [{ labels: 'nobody{}', value: 1 }] };
}

if (findPromtool() === undefined) {
  test('wants promtool of the lab, by .ci/fetch-lab', () => undefined);
} else {
  test('the metrics are as its linter wants them', async () => {
    assert.equal(await promtoolReading(TEXT, 'check', 'metrics'), { code: 0, stdout: '', stderr: '' });
    // It has something to say of others.
    assert.match((await promtoolReading(gauge('a_total', '', [[1]]), 'check', 'metrics')).stderr, 'a_total');
  });

  test('a label may hold anything', async () => {
    const hostile = fc.sample(fc.string({ unit: 'binary' }), { numRuns: 300, seed: 14 });
    const text = gauge(
      'bans',
      'Bans.',
      [...new Set(hostile)].map((jail) => [1, { jail }]),
    );

    assert.equal(await promtoolReading(text, 'check', 'metrics'), { code: 0, stdout: '', stderr: '' });
  });

  test('every query of the dashboard can be read', async () => {
    const rules = queries().map((expr, index) => ({ record: `query:${index}`, expr }));
    const { code, stdout, stderr } = await promtoolOn({ groups: [{ name: 'all', rules }] }, 'check', 'rules');

    assert.is(code, 0, stderr);
    assert.match(stdout, `SUCCESS: ${rules.length} rules found`);
  });

  test('the alerts can be read, and none fires for a firewall that is well', async () => {
    const { code, stderr } = await runRules();

    assert.is(code, 0, stderr);
    assert.equal(await firing(firewall()), []);
  });

  const CASES: readonly (readonly [alert: string, ...series: readonly Series[]])[] = [
    ['BanspoolNotConverged', { series: `banspool_converged{${FW1}}`, values: '0x120' }],
    ['BanspoolSilent', { series: `banspool_updated_timestamp_seconds{${FW1}}`, values: '0+60x100 6000x20' }],
    ['BanspoolRestarts', { series: `banspool_started_timestamp_seconds{${FW1}}`, values: '0+60x120' }],
    ['BanspoolCondition', { series: `banspool_condition{${FW1},type="Committed"}`, values: '0x120' }],
    [
      'BanspoolSpoolWaits',
      { series: `banspool_spool_oldest_age_seconds{${FW1},server="web1"}`, values: '301x120' },
    ],
    [
      'BanspoolServerSilent',
      { series: `banspool_last_heard_timestamp_seconds{${FW1},server="web1"}`, values: '3000x120' },
    ],
    ['BanspoolRefuses', { series: `banspool_refused_total{${FW1},server="web1"}`, values: '0+1x120' }],
    ['BanspoolDrift', { series: `banspool_drift_repaired_total{${FW1}}`, values: '0x100 4x20' }],
    ['BanspoolSlow', { series: `banspool_ban_latency_seconds_bucket{${FW1},le="0.5"}`, values: '0x120' }],
  ];

  for (const [alert, ...series] of CASES) {
    test(`${alert} fires, and nothing else does`, async () => {
      assert.equal(await firing(firewall(...series)), [alert]);
    });
  }

  test('BanspoolMissing fires where no firewall reports at all', async () => {
    assert.equal(await firing([]), ['BanspoolMissing']);
  });

  test('every alert is one of these', () => {
    const names = Array.from(readFileSync(ALERTS, 'utf8').matchAll(/- alert: (\w+)/g), ([, name]) => name);

    assert.equal([...names].sort(), [...CASES.map(([alert]) => alert), 'BanspoolMissing'].sort());
  });

  test('the verdict of the dashboard tells a silent controller from the last that it said', async () => {
    const verdicts = [
      [firewall(), 2],
      [firewall({ series: `banspool_healthy{${FW1}}`, values: '0x120' }), 1],
      [
        firewall(
          { series: `banspool_healthy{${FW1}}`, values: '0x120' },
          { series: `banspool_converged{${FW1}}`, values: '0x120' },
        ),
        0,
      ],
      [firewall({ series: `banspool_updated_timestamp_seconds{${FW1}}`, values: '0+60x100 6000x20' }), -1],
    ] as const;
    const exp = { expr: queryOf('Verdict'), eval_time: '2h' };
    const { code, stderr, stdout } = await promtoolOn(
      {
        evaluation_interval: '1m',
        tests: verdicts.map(([series, value]) => ({
          ...{ input_series: series, interval: '1m' },
          promql_expr_test: [{ ...exp, exp_samples: [{ labels: `{${FW1}}`, value }] }],
        })),
      },
      ...['test', 'rules'],
    );

    assert.is(code, 0, stdout + stderr);
  });
}

async function runRules(): Promise<{ readonly code: number; readonly stderr: string }> {
  return promtoolReading('', 'check', 'rules', ALERTS);
}

test.run();
