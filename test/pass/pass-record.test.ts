import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { passRecord } from '../../src/pass/pass-record.ts';
import type { Pass } from '../../src/pass/pass.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { ban, heard, millis } from '../claims/said.ts';

const records = suite('the record of a pass');

interface Outcome {
  readonly saved?: boolean;
  readonly policyDue?: number;
  readonly nextGiveUp?: number;
  readonly publishDue?: number;
  readonly isSuspect?: boolean;
  readonly more?: boolean;
}

/** Of a pass that took a ban in. */
function recordOf({
  saved = true,
  policyDue = Infinity,
  nextGiveUp = Infinity,
  publishDue = Infinity,
  ...ended
}: Outcome = {}): Pass {
  const state = heard(5, ban(0, 600));
  const [now, times] = [millis(5), { startedAt: millis(4), enforcedAt: millis(6), finishedAt: millis(7) }];
  const intake = {
    sent: [ban(0, 600)],
    ...{ banArrivals: [now], waited: [300] },
    warnings: ['late'],
    servers: ['web1'],
    nextGiveUp,
  };
  const parts: unknown = {
    ...{ kind: 'full', now, ...times, policyLines: [], problems: [] },
    inputs: { lists: [] },
    gathered: { state, intake, sent: intake.sent },
    conclusion: conclude(state, { policy: EMPTY_POLICY, ownAddresses: [], now }),
    enforced: { isBlocked: false, sets: [] },
    done: { changes: [], drift: [], repairs: [] },
    ...{
      rejection: { moved: [], stuck: [], problems: [] },
      saved: { isOnDisk: saved, removed: saved, problems: [], claimChanges: [] },
    },
    ended: { left: new Set(), more: ended.more ?? false, warnings: ['full'], problems: [] },
    ledger: { policy: { due: policyDue }, isSuspect: ended.isSuspect ?? false },
    fleet: { publisher: { due: publishDue } },
  };
  return passRecord(parts as Parameters<typeof passRecord>[0]);
}

records('tells what was wrong with an intent once what it says is saved', () => {
  const [saved, unsaved] = [recordOf(), recordOf({ saved: false })];

  assert.equal([saved.warnings, unsaved.warnings], [['late', 'full'], ['full']]);
  assert.equal([saved.bans, saved.intents, saved.servers], [1, 1, ['web1']]);
});

records(
  'is due again when the first of a ban, a file and a tried policy ends, or something has to be published',
  () => {
    const dues = [
      recordOf(),
      recordOf({ nextGiveUp: millis(60) }),
      recordOf({ policyDue: millis(30), nextGiveUp: millis(60) }),
      recordOf({ publishDue: millis(20) }),
    ];

    assert.equal(
      dues.map(({ nextDue }) => nextDue),
      [millis(600), millis(60), millis(30), millis(20)],
    );
    assert.equal(
      dues.map(({ unconfirmed }) => unconfirmed.length),
      [0, 0, 1, 0],
    );
  },
);

records('is not due for the sake of peers while nothing can be saved, and so nothing published', () => {
  assert.is(recordOf({ saved: false, publishDue: -Infinity }).nextDue, millis(600));
});

records('counts a ban that was enforced ahead by the time that it waited itself', () => {
  const { banArrivals, enforcedAt } = recordOf();

  assert.equal(
    banArrivals.map((arrived) => enforcedAt - arrived),
    [1_000, 300],
  );
});

records('asks for another pass where not all was read, or the state was edited meanwhile', () => {
  assert.equal(
    [recordOf(), recordOf({ more: true }), recordOf({ isSuspect: true })].map(({ more }) => more),
    [false, true, true],
  );
});

records.run();
