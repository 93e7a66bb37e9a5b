import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findAlarms } from '../../src/notify/find-alarms.ts';
import { isoTime } from '../../src/yaml/time.ts';
import { DAY, falseCondition, HOUR, MINUTE, NOON, recordOf, serverOf } from '../support/messenger.ts';

const test = suite('alarms');

const keysOf = (change: Parameters<typeof recordOf>[1], now = NOON): readonly string[] =>
  findAlarms({ record: recordOf(NOON, change), now, silent: HOUR }).alarms.map(({ key }) => key);

test('are one for all that keeps the firewall from being converged, and one for each other condition', () => {
  const conditions = [
    falseCondition('Converged', 'ApplyFailed'),
    falseCondition('StateReadable', 'Damaged'),
    falseCondition('Committed', 'GitFailed'),
    falseCondition('Unheard', 'OfALaterVersion'),
    falseCondition('HooksPresent', 'HookMissing'),
    { ...falseCondition('PeersHeard', 'Silent'), status: 'True' as const },
  ];

  const { alarms } = findAlarms({ record: recordOf(NOON, { conditions }), now: NOON, silent: HOUR });

  assert.equal(
    alarms.map(({ key }) => key),
    ['converged', 'condition Committed', 'condition Unheard'],
  );
  assert.equal(alarms[0]?.lines.length, 2);
});

test('tell a server silent after its time, but not before the controller could have heard it', () => {
  const servers = [serverOf('web1', NOON - 2 * HOUR), serverOf('web2', NOON - 59 * MINUTE)];

  assert.equal(keysOf({ servers }), ['silent web1']);
  assert.equal(keysOf({ servers, startedAt: isoTime(NOON - 9 * MINUTE) }), []);
  assert.equal(keysOf({ servers, startedAt: isoTime(NOON - 11 * MINUTE) }), ['silent web1']);
  assert.equal(keysOf({ servers: [{ ...serverOf('web3', NOON), lastHeard: null }] }), []);
  assert.equal(keysOf({ servers: [serverOf('local', NOON - DAY), serverOf('fw2/web1', NOON - DAY)] }), []);
});

test('keep a server silent over a restart of the controller until a file of it comes', () => {
  const startedAt = isoTime(NOON - MINUTE);
  const alarmsOf = (heard: number): number => {
    const record = recordOf(NOON, { startedAt, servers: [serverOf('web1', heard)] });
    return findAlarms({ record, now: NOON, silent: HOUR, standing: ['silent web1'] }).alarms.length;
  };

  assert.equal([alarmsOf(NOON - 2 * HOUR), alarmsOf(NOON - MINUTE / 2)], [1, 0]);
});

test('of a controller that hangs or was stopped leave open what else is wrong', () => {
  const servers = [serverOf('web1', NOON - 2 * HOUR)];
  const old = findAlarms({ record: recordOf(NOON, { servers }), now: NOON + HOUR, silent: HOUR });
  const stopped = findAlarms({
    record: recordOf(NOON, { stoppedAt: isoTime(NOON) }),
    now: NOON,
    silent: HOUR,
  });
  const none = findAlarms({ record: undefined, now: NOON, silent: HOUR });

  for (const { alarms, isOld } of [old, stopped, none])
    assert.equal(
      [isOld, ...alarms.map(({ key, what }) => [key, what])],
      [true, ['converged', 'ControllerRunning']],
    );
});

test.run();
