import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusLine } from '../../src/daemon/announcer.ts';
import { runController } from '../../src/daemon/run.ts';
import { makeNotify, type Notify } from '../../src/system/notify.ts';
import { run } from '../../src/system/processes/run.ts';
import { eventually } from '../support/eventually.ts';
import { banText } from '../support/intent-text.ts';
import { NotifySocket, untilHeard } from '../support/notify-socket.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the controller tells systemd');

test('that it is ready once the first pass was made, and how it is', async () => {
  await using socket = await NotifySocket.open();
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));

  await sandbox.startController({ NOTIFY_SOCKET: socket.path });

  await untilHeard(socket, /READY=1\nSTATUS=converged, 1 bans?, 1 claims?/);
});

test('how it is whenever that changes', async () => {
  await using socket = await NotifySocket.open();
  await using sandbox = await Sandbox.open();
  await sandbox.startController({ NOTIFY_SOCKET: socket.path });
  await untilHeard(socket, /STATUS=converged, 0 bans, 0 claims/);

  sandbox.drop('web1', banText('198.51.100.7'));

  await untilHeard(socket, /STATUS=converged, 1 bans?, 1 claims?/);
});

test('that it is alive, when it was asked to', async () => {
  await using socket = await NotifySocket.open();
  await using sandbox = await Sandbox.open();

  await sandbox.startController({ NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '600000' });

  await untilHeard(socket, /WATCHDOG=1[^]*WATCHDOG=1[^]*WATCHDOG=1/);
});

/** What the unit allows, by a clock that this test moves on. */
const ALLOWED_MS = 180_000;

test('that it is alive three times in the time that systemd allows', async () => {
  await using sandbox = await Sandbox.open();
  const env = { NOTIFY_SOCKET: '/run/nobody', WATCHDOG_USEC: String(ALLOWED_MS * 1_000) };
  const { watchdogMs } = makeNotify(run, env);
  const heard: string[] = [];
  const send: Notify['send'] = (...lines) => Promise.resolve(void heard.push(...lines));
  const ending = new AbortController();
  mock.timers.enable({ apis: ['setInterval'] });
  const running = runController(worldOf(sandbox), { notify: { send, watchdogMs }, signal: ending.signal });
  const countWords = (): number => heard.filter((line) => line === 'WATCHDOG=1').length;

  try {
    await eventually(() => {
      assert.ok(heard.includes('READY=1'));
    });
    mock.timers.tick(ALLOWED_MS);
    const first = countWords();
    mock.timers.tick(ALLOWED_MS);

    assert.equal([first, countWords()], [3, 6]);
  } finally {
    mock.timers.reset();
    ending.abort();
    await running;
  }
});

test('that nothing is enforced where it only observes, whatever else is wrong', () => {
  const wrong = { type: 'Committed', status: 'False', reason: 'GitFailed', message: 'git fails' } as const;
  const record = { mode: 'observe', converged: true, bans: 2, claims: 3 } as const;

  assert.equal(
    [statusLine({ ...record, conditions: [] }), statusLine({ ...record, conditions: [wrong] })],
    [
      'observe: nothing is enforced; 2 bans would be, 3 claims',
      'observe: nothing is enforced; 2 bans would be, 3 claims; git fails',
    ],
  );
});

test.run();
