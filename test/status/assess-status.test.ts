import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assessStatus, type AssessOptions, type Status } from '../../src/status/assess-status.ts';
import { MINUTE, RECORD } from './record.ts';

const status = suite('status');

const NOW = Date.UTC(2026, 10, 22, 14);
function assess(changes: Partial<AssessOptions> = {}): Status {
  return assessStatus({
    record: RECORD,
    waiting: new Map(),
    interval: MINUTE,
    now: NOW,
    isReadOnly: false,
    hasEnded: false,
    ...changes,
  });
}

const conditionOf = ({ conditions }: Status, type: string): string => {
  const found = conditions.find((each) => each.type === type);
  return `${found?.status ?? 'none'} ${found?.reason ?? ''}: ${found?.message ?? ''}`;
};

status('what the last pass saw is what is told', () => {
  const { converged, healthy, bans, claims, ignored, refused } = assess();

  assert.equal([converged, healthy, bans, claims, ignored, refused], [true, true, 3, 4, 1, 1]);
});

status('what the caller may look at and the controller may not goes before the controller’s word', () => {
  const trap = { type: 'SavedRulesLoad', status: 'False', reason: 'SetMissing', message: 'no set' } as const;
  const word = { type: 'SavedRulesLoad', status: 'True', reason: 'AsExpected', message: '' } as const;

  const result = assess({
    seen: [trap],
    record: { ...RECORD, conditions: [...RECORD.conditions, word] },
  });

  assert.equal([result.converged, result.healthy], [true, false]);
  assert.is(conditionOf(result, 'SavedRulesLoad'), 'False SetMissing: no set');
});

status('a pass that could not make all changes is not converged, and its reason is told', () => {
  const failed = { type: 'Converged', status: 'False', reason: 'ApplyFailed', message: 'ipv4: no' } as const;

  const result = assess({ record: { ...RECORD, conditions: [failed] } });

  assert.is(result.converged, false);
  assert.is(conditionOf(result, 'Converged'), 'False ApplyFailed: ipv4: no');
});

status('a controller that never ran, or fell silent, is not running', () => {
  const never = assess({ record: undefined });
  const silent = assess({ now: NOW + 2 * MINUTE });
  const late = assess({ now: NOW + MINUTE - 1 });

  assert.match(conditionOf(never, 'ControllerRunning'), /^False NeverSeen/);
  assert.match(
    conditionOf(silent, 'ControllerRunning'),
    /^False Silent: the last report of the controller was written 2 min 30 s ago, but a pass is due every 60 s/,
  );
  assert.match(conditionOf(late, 'ControllerRunning'), /^True/);
  assert.equal([never.converged, silent.converged, late.converged], [false, false, true]);
});

status('a controller that has not spoken since the clock was set back is not running', () => {
  const at = Date.parse(RECORD.updatedAt);
  const ahead = assess({ now: at - 2 * MINUTE });
  const little = assess({ now: at - MINUTE });

  assert.is(
    conditionOf(ahead, 'ControllerRunning'),
    'False Silent: the last report of the controller is dated 2026-11-22 13:59:30 UTC, in the future: the clock was set back, and no pass has run since',
  );
  assert.match(conditionOf(little, 'ControllerRunning'), /^True/);
  assert.equal([ahead.converged, little.converged], [false, true]);
});

status('a controller that was killed is told of at once, not when its next word is due', () => {
  const killed = assess({ hasEnded: true });
  const single = assess({ record: { ...RECORD, controller: null }, hasEnded: true });

  assert.is(killed.converged, false);
  assert.is(
    conditionOf(killed, 'ControllerRunning'),
    'False Ended: the controller (pid 4711) was killed or crashed, and rules stay as they were; fix: systemctl start banspool',
  );
  assert.match(conditionOf(single, 'ControllerRunning'), /^True/);
});

status('a controller that was stopped is told of as such', () => {
  const stopped = assess({
    record: { ...RECORD, controller: null, stoppedAt: '2026-11-22T13:59:55.000Z' },
  });

  assert.is(stopped.converged, false);
  assert.is(
    conditionOf(stopped, 'ControllerRunning'),
    'False Stopped: the controller was stopped 5 s ago, and rules stay as they were; fix: systemctl start banspool',
  );
});

status('a bad policy is unhealthy, a hook that does not exist yet is not, and both are converged', () => {
  const bad = (type: string): Status =>
    assess({ record: { ...RECORD, conditions: [{ type, status: 'False', reason: 'x', message: 'x' }] } });

  const [policy, hooks] = [bad('PolicyValid'), bad('HooksPresent')];

  assert.equal([policy.converged, policy.healthy], [true, false]);
  assert.equal([hooks.converged, hooks.healthy], [true, true]);
});

status('a stranger in the spool is healthy, and no spool at all is not', () => {
  const spool = (reason: string): Status => {
    const condition = { type: 'SpoolReadable', status: 'False', reason, message: 'x' } as const;
    return assess({ record: { ...RECORD, conditions: [condition] } });
  };

  const reasons = ['NotAServer', 'Forbidden', 'Missing', 'RejectedUnreadable', 'CannotReject'];

  assert.equal(
    reasons.filter((reason) => spool(reason).healthy),
    ['NotAServer', 'Forbidden'],
  );
});

status('a state that cannot be written is unhealthy', () => {
  const result = assess({ isReadOnly: true });

  assert.is(result.healthy, false);
  assert.match(conditionOf(result, 'StateSaved'), /^False ReadOnly/);
});

status('what waits in the spool is counted for each server, known or not', () => {
  const { waiting, servers } = assess({
    waiting: new Map([
      ['web1', { files: 2, isAll: false }],
      ['new', { files: 1, isAll: true }],
    ]),
  });

  assert.is(waiting, 3);
  assert.equal(
    servers.map(({ name, waiting: count, moreWaiting, lastHeard }) => [name, count, moreWaiting, lastHeard]),
    [
      ['web1', 2, true, '2026-11-22T13:59:00.000Z'],
      ['new', 1, false, null],
    ],
  );
});

status.run();
