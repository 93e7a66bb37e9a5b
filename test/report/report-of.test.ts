import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { UTC } from '../../src/domain/words.ts';
import { monthBegin, MonthSums } from '../../src/report/month-sums.ts';
import { reportOf, type ReportParts } from '../../src/report/report-of.ts';
import { assessStatus } from '../../src/status/assess-status.ts';
import type { StatusRecord } from '../../src/status/status-record.ts';
import { MINUTE, RECORD } from '../status/record.ts';

const test = suite('a report');

const NOW = Date.UTC(2026, 10, 22, 14);

function partsOf(record: Partial<StatusRecord> = {}, parts: Partial<ReportParts> = {}): ReportParts {
  const status = assessStatus({
    ...{
      record: { ...RECORD, ...record },
      waiting: new Map([['web1', { files: 3, isAll: true }]]),
      interval: MINUTE,
    },
    ...{ now: NOW, isReadOnly: false, hasEnded: false },
  });
  return {
    ...{ now: NOW, firewall: 'fw1', version: '0.1.0', isRenewed: true, status },
    standing: {
      bans: 3,
      addresses: 3,
      shared: 1,
      byServer: new Map([
        ['web1', 3],
        ['fw2/web1', 2],
        ['fw2/web9', 1],
      ]),
      newest: [],
    },
    silentAfterMs: 60 * MINUTE,
    ...{ stubborn: undefined, uncounted: [], policy: { allow: [], deny: [] }, events: [], peers: [] },
    month: new MonthSums(monthBegin(NOW), UTC),
    ahead: { servers: [], spared: [], first: [] },
    ...parts,
  };
}

const serverOf = (lastHeard: string | null, name = 'web1'): StatusRecord['servers'] =>
  RECORD.servers.map((server) => ({ ...server, name, lastHeard }));

test('is well where nothing is wrong, and has the servers with what waits', () => {
  const { verdict, servers } = reportOf(partsOf());

  assert.equal([verdict.level, verdict.bans, verdict.problems, verdict.silent], ['well', 3, [], []]);
  assert.equal(servers[0], {
    ...{
      name: 'web1',
      heardAt: NOW - MINUTE,
      waiting: 3,
      moreWaiting: false,
      refused: 1,
      isSilent: false,
      bans: 3,
    },
    days: Array.from({ length: 30 }, () => 0),
  });
});

test('needs attention where a server was not heard for longer than it may be silent, and not for an operator who is quiet', () => {
  const silent = reportOf(partsOf({ servers: serverOf('2026-11-22T12:00:00.000Z') }));
  const operator = reportOf(partsOf({ servers: serverOf('2026-11-01T12:00:00.000Z', 'local') }));
  const never = reportOf(partsOf({ servers: serverOf(null) }));
  const patient = reportOf(
    partsOf({ servers: serverOf('2026-11-22T12:00:00.000Z') }, { silentAfterMs: 180 * MINUTE }),
  );

  assert.equal(
    [silent.verdict.level, silent.verdict.silent],
    ['attention', [{ server: 'web1', heardAt: NOW - 2 * 60 * MINUTE }]],
  );
  assert.equal(
    [operator, never, patient].map(({ verdict }) => verdict.level),
    ['well', 'well', 'well'],
  );
});

test('names first who is silent for longest', () => {
  const servers = [
    ...serverOf('2026-11-22T12:00:00.000Z', 'db'),
    ...serverOf('2026-11-13T12:00:00.000Z', 'shop'),
    ...serverOf('2026-11-22T11:00:00.000Z', 'web1'),
  ];

  const { verdict } = reportOf(partsOf({ servers }));

  assert.equal(
    verdict.silent.map(({ server }) => server),
    ['shop', 'web1', 'db'],
  );
});

test('needs attention for a condition that an alarm rings for, and tells the others', () => {
  const isFalse = (type: string, reason: string) =>
    ({ type, status: 'False', reason, message: 'm' }) as const;
  const level = (...conditions: StatusRecord['conditions']): unknown => {
    const { verdict } = reportOf(partsOf({ conditions }));
    return [verdict.level, verdict.problems.length, verdict.alarming];
  };

  assert.equal(level(isFalse('Committed', 'GitFailed')), ['attention', 1, 1]);
  assert.equal(level(isFalse('HooksPresent', 'HookMissing')), ['well', 1, 0]);
  assert.equal(level(isFalse('Converged', 'ApplyFailed')), ['broken', 1, 1]);
});

test('tells lines of the policy that end within seven days, the next first', () => {
  const line = (net: string, days: number) => ({
    net: netOf(net),
    note: 'n',
    until: NOW + days * 24 * 60 * MINUTE,
    line: 1,
  });
  const { tiles, policy } = reportOf(
    partsOf(
      {},
      {
        policy: {
          allow: [line('192.0.2.0/24', 6), line('192.0.2.9', -1)],
          deny: [line('198.51.100.0/24', 3), line('198.51.101.0/24', 8)],
        },
      },
    ),
  );

  assert.equal(
    tiles.endsSoon.map(({ list, net }) => `${list} ${net}`),
    ['deny 198.51.100.0/24', 'allow 192.0.2.0/24'],
  );
  assert.is(policy.length, 3);
});

test('counts the bans of peers, turns events round, and counts the edits of a day', () => {
  const peer = {
    peer: 'fw2',
    published: NOW,
    lag: 0,
    sequence: 1,
    refused: { claims: 2 },
    trouble: undefined,
  };
  const at = (hours: number): string => new Date(NOW - hours * 60 * MINUTE).toISOString();
  const events = [25, 2, 1].map((hours) => ({
    kind: 'policy' as const,
    time: at(hours),
    line: String(hours),
  }));
  const report = reportOf(partsOf({}, { peers: [peer], events }));

  assert.equal([report.peers[0]?.bans, report.yesterday.policyEdits], [3, 2]);
  assert.equal(report.events[0], events[2]);
});

test('tells the newest refused file of each server', () => {
  const lastRefused = {
    path: '/r/web1/1.yaml',
    reason: 'too wide',
    code: 'too-wide',
    at: '2026-11-22T13:00:00.000Z',
  };
  const { refused, tiles } = reportOf(
    partsOf({ servers: serverOf(null).map((server) => ({ ...server, kept: 7, lastRefused })) }),
  );

  assert.equal(refused, [
    { server: 'web1', path: '/r/web1/1.yaml', reason: 'too wide', at: NOW - 60 * MINUTE, kept: 7 },
  ]);
  assert.is(tiles.refusedKept, 7);
});

test('needs attention as long as nothing is enforced', () => {
  const { verdict } = reportOf(partsOf({ mode: 'observe', conditions: [] }));

  assert.equal([verdict.isObserving, verdict.level], [true, 'attention']);
});

test('has the lists of the policy, with what is wrong with one', () => {
  const view = {
    ...{
      name: 'drop',
      note: null,
      from: 'drop.txt',
      entries: 5,
      nets: 3,
      unread: 0,
      sha256: null,
      takenAt: null,
    },
    notEnforced: { allowed: 1, own: 0, private: 1, tooWide: 0 },
    ...{ confirmedAt: '2026-11-22T13:00:00.000Z', reason: 'Stale' },
  };

  const { lists } = reportOf(
    partsOf({ lists: [view, { ...view, name: 'new', confirmedAt: null, reason: null }] }),
  );

  assert.equal(lists, [
    {
      name: 'drop',
      note: undefined,
      nets: 3,
      entries: 5,
      trouble: 'Stale',
      confirmedAt: Date.UTC(2026, 10, 22, 13),
    },
    { name: 'new', note: undefined, nets: 3, entries: 5, trouble: undefined, confirmedAt: undefined },
  ]);
});

test.run();
