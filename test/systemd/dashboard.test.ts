import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CONDITIONS_OF_PASSES, isHarmless } from '../../src/domain/conditions.ts';
import { TEXT } from '../status/made-up-metrics.ts';
import { DASHBOARD, EXAMPLES, queries, type Panel } from './dashboard.ts';

const test = suite('what comes for Grafana and Prometheus');

const ALERTS = readFileSync(join(EXAMPLES, 'alerts.yaml'), 'utf8');

const PANELS = DASHBOARD.panels.filter(({ type }) => type !== 'row');

test('asks for metrics that the controller writes, and for labels that they have', () => {
  const variables = DASHBOARD.templating.list.flatMap(({ definition = [] }) => definition);
  const texts = [...queries(), ...variables, ALERTS];
  const names = new Set(texts.flatMap((text) => text.match(/\bbanspool_[a-z_]+/g) ?? []));

  assert.ok(names.size >= 20);
  for (const name of names) assert.ok(TEXT.includes(`\n${name}{`) || TEXT.includes(`\n${name} `), name);
  for (const [, by = '', name = ''] of texts
    .join('\n')
    .matchAll(/by \(([a-z, ]+)\) \((?:[a-z]+\()?(banspool_[a-z_]+)/g)) {
    for (const label of by.split(', ').filter((each) => each !== 'instance'))
      assert.match(TEXT, new RegExp(`^${name}\\{(?:.*,)?${label}="`, 'm'));
  }
});

test('shows each metric somewhere, but for times that nobody needs a graph of', () => {
  const shown = queries().join('\n');
  const families = Array.from(TEXT.matchAll(/^# TYPE (\S+) /gm), ([, name = '']) => name);

  assert.equal(
    families.filter((name) => !shown.includes(name)),
    [
      'banspool_observe',
      'banspool_list_nets',
      'banspool_list_confirmed_timestamp_seconds',
      'banspool_claims',
      'banspool_ignored_claims',
      'banspool_rejected_files',
      'banspool_peer_refused',
      'banspool_changes_total',
      'banspool_last_pass_timestamp_seconds',
      'banspool_last_commit_timestamp_seconds',
    ],
  );
});

test('says of each panel what it shows, in what unit, from the source and the firewalls that are chosen', () => {
  for (const { title, description, datasource, fieldConfig, targets = [] } of PANELS) {
    const { unit, mappings } = fieldConfig?.defaults ?? {};
    assert.match(description ?? '', /^\S.*\.$/, title);
    assert.ok(unit !== undefined || mappings !== undefined || title === 'Versions', title);
    assert.equal(datasource, { type: 'prometheus', uid: '${datasource}' }, title);
    assert.ok(targets.length > 0, title);
    for (const { expr, datasource: own } of targets) {
      assert.equal(own, datasource, title);
      assert.equal(expr.split('banspool_').length, expr.split('instance=~"$instance"').length, title);
    }
  }
});

test('fills its 24 columns without two panels in one place, and calls no two of them the same', () => {
  const cells = DASHBOARD.panels.flatMap(cellsOf);

  assert.is(new Set(cells).size, cells.length);
  assert.ok(DASHBOARD.panels.every(({ gridPos: { x, w } }) => x >= 0 && w > 0 && x + w <= 24));
  for (const key of ['id', 'title'] as const)
    assert.is(new Set(DASHBOARD.panels.map((panel) => panel[key])).size, DASHBOARD.panels.length);
});

test('wakes nobody for a condition that never needs somebody, and tells of all others', () => {
  const left = /type!~"([A-Za-z|]+)"/.exec(ALERTS)?.[1]?.split('|') ?? [];

  // Some reasons of SpoolReadable need somebody.
  const harmless = CONDITIONS_OF_PASSES.filter(
    (name) => isHarmless(name, 'Whatever') && name !== 'SpoolReadable',
  );
  assert.equal([...left].sort(), ['Converged', ...harmless].sort());
});

function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
}

test.run();
