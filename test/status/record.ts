/** What a controller writes down that is well. */
import type { StatusRecord } from '../../src/status/status-record.ts';

export const MINUTE = 60_000;

export const RECORD: StatusRecord = {
  version: 1,
  mode: 'enforce',
  state: '/var/lib/banspool/state',
  pid: 4711,
  controller: { pid: 4711, started: '1', boot: 'b', namespace: 'n' },
  stoppedAt: null,
  startedAt: '2026-11-22T13:00:00.000Z',
  updatedAt: '2026-11-22T13:59:30.000Z',
  interval: MINUTE,
  converged: true,
  conditions: [
    { type: 'Converged', status: 'True', reason: 'AsExpected', message: '' },
    { type: 'PolicyValid', status: 'True', reason: 'AsExpected', message: '' },
    { type: 'HooksPresent', status: 'True', reason: 'AsExpected', message: '' },
  ],
  sets: [],
  bans: 3,
  claims: 4,
  ignored: 1,
  refused: 1,
  servers: [
    {
      name: 'web1',
      lastHeard: '2026-11-22T13:59:00.000Z',
      intents: 5,
      refused: 1,
      discarded: 0,
      kept: 1,
      lastRefused: null,
    },
  ],
  lastPass: null,
  passes: [],
  failuresInARow: 0,
  unconfirmed: [],
  exports: [],
  lists: [],
};
