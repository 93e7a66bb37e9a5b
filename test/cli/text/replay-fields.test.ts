import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { replayFields } from '../../../src/cli/text/replay-fields.ts';
import { netOf } from '../../../src/domain/net.ts';
import { REPLAYED } from './made-replay.ts';

const test = suite('a replay in JSON');

test('has times in UTC, seconds, and each rule with its kind and details', () => {
  const endangered = {
    ...({ code: 'logged-in', who: 'you are logged in' } as const),
    ...{ ip: netOf('203.0.113.7'), by: netOf('203.0.113.0/24') },
  };

  const fields = replayFields(REPLAYED, { endangered: [endangered], most: 1 });

  const { since, until, commits, history, total, servers, rules, letIn, banned } = fields;
  const seconds = {
    before: { addresses: 1_240, seconds: 15_123_600 },
    after: { addresses: 1_228, seconds: 15_557_040 },
  };
  assert.equal([since, until, commits], ['2026-10-30T09:00:00.000Z', '2026-11-29T09:00:00.000Z', 1_200]);
  assert.equal(history, {
    ...{ beginsAt: null, shallow: false, unreadable: 0, misdated: 0, late: 0, damagedPolicies: 0 },
  });
  assert.equal([total, servers], [seconds, [{ name: 'web1', ...seconds }]]);
  const office = { kind: 'allow', net: '192.0.2.0/24', note: 'office \u001b[31m' };
  const text = 'allow 192.0.2.0/24 (office \u001b[31m)';
  const none = { addresses: 0, seconds: 0 };
  assert.equal(rules, [
    { ...office, text, bans: false, before: none, after: { addresses: 14, seconds: 8_100 } },
    {
      ...{ kind: 'escalate', name: 'seen-by-two', text: 'escalate seen-by-two', bans: true },
      ...{ before: none, after: { addresses: 1, seconds: 439_200 } },
    },
  ]);
  assert.equal(letIn, {
    total: 2,
    addresses: [
      {
        ...{ ip: '192.0.2.7', seconds: 7_200, jails: ['sshd'], servers: ['web1'] },
        why: { policy: 'after', ...office, text },
      },
    ],
  });
  assert.equal(banned, {
    total: 1,
    addresses: [
      {
        ...{ ip: '203.0.113.7', seconds: 439_200, jails: ['seen-by-two'], servers: ['escalation'] },
        why: {
          policy: 'before',
          kind: 'limit',
          limit: 'jails',
          server: 'web1',
          text: 'without jails of web1',
        },
      },
    ],
  });
  assert.equal(fields['endangered'], [
    {
      ...{ code: 'logged-in', who: 'you are logged in', ip: '203.0.113.7', by: '203.0.113.0/24' },
      text: '203.0.113.0/24 would have been banned, and from 203.0.113.7 you are logged in',
    },
  ]);
});

test('has all addresses where all are asked for, and null for a rule that there is not', () => {
  const { letIn } = replayFields(REPLAYED, { endangered: [], most: Infinity });

  const { addresses } = letIn as { readonly addresses: readonly { readonly why: unknown }[] };
  assert.is(addresses.length, 2);
  assert.is(addresses[1]?.why, null);
});

test.run();
