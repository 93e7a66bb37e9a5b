/** What a replay may have found, for tests of its words. */
import { netOf } from '../../../src/domain/net.ts';
import type { Replayed, Sums } from '../../../src/replay/replayed.ts';

const HOUR = 3_600_000;

function sums(before: readonly [number, number], after: readonly [number, number]): Sums {
  return {
    before: { addresses: before[0], time: before[1] * HOUR },
    after: { addresses: after[0], time: after[1] * HOUR },
  };
}

const OFFICE = { kind: 'allow', net: netOf('192.0.2.0/24'), note: 'office \u001b[31m' } as const;
const SINCE = Date.UTC(2026, 9, 30, 9);

export const REPLAYED: Replayed = {
  ...{ since: SINCE, until: SINCE + 30 * 24 * HOUR, beginsAt: undefined, isShallow: false, commits: 1_200 },
  gaps: { unreadable: 0, misdated: 0, late: 0, latest: 0, policies: 0 },
  total: sums([1_240, 4_201], [1_228, 4_321.4]),
  jails: new Map([
    ['postfix', sums([40, 1], [40, 1])],
    ['sshd', sums([1_200, 4_200], [1_188, 4_320.4])],
  ]),
  servers: new Map([['web1', sums([1_240, 4_201], [1_228, 4_321.4])]]),
  rules: [
    { rule: OFFICE, ...sums([0, 0], [14, 2.25]) },
    { rule: { kind: 'escalate', name: 'seen-by-two' }, ...sums([0, 0], [1, 122]) },
  ],
  letIn: [
    {
      ip: netOf('192.0.2.7'),
      time: 2 * HOUR,
      jails: ['sshd'],
      servers: ['web1'],
      why: { rule: OFFICE, of: 'after' },
    },
    { ip: netOf('192.0.2.8'), time: HOUR / 4, jails: ['sshd'], servers: ['web1'], why: undefined },
  ],
  banned: [
    {
      ...{ ip: netOf('203.0.113.7'), time: 122 * HOUR, jails: ['seen-by-two'], servers: ['escalation'] },
      why: { rule: { kind: 'limit', limit: 'jails', server: 'web1' }, of: 'before' },
    },
  ],
};
