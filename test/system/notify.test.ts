import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeNotify } from '../../src/system/notify.ts';
import { run } from '../../src/system/processes/run.ts';
import { NotifySocket, untilHeard } from '../support/notify-socket.ts';

const test = suite('systemd is told');

/** Ten times what the sender takes to start, send and leave. */
const SENDER_MS = 300;

test('each thing until it is heard: whose word it is, systemd asks of the sender, who must still be there', async () => {
  await using socket = await NotifySocket.open();
  const { send } = makeNotify(run, { NOTIFY_SOCKET: socket.path });
  await socket.pause();

  const sent = send('READY=1').then(() => 'sent');
  const whileUnheard = await Promise.race([sent, delay(SENDER_MS, 'waits')]);
  socket.resume();

  assert.is(whileUnheard, 'waits');
  assert.is(await sent, 'sent');
  await untilHeard(socket, /READY=1/);
});

test.run();
