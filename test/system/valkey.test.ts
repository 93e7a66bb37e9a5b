/** The server is a real one where it says what servers say, and a few lines of its own where it is worse than that. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectValkey, type ValkeyServer } from '../../src/system/valkey.ts';
import { eventually } from '../support/eventually.ts';
import { valkeyReleases, ValkeyServerProcess } from '../support/valkey-server.ts';

const test = suite('a connection to a server');

const at = (port: number, user?: string, password?: string): ValkeyServer => ({
  ...{ host: '127.0.0.1', port, user, password, tls: undefined },
});

const failureOf = async (work: Promise<unknown>): Promise<string> => String(await work.catch(String));

/** Answers each that connects, whatever it asks. */
async function serve(answer: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      answer(socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => {
      server.close();
    },
  };
}

for (const release of valkeyReleases())
  test(`gives an answer for each that is asked, in its order, and what is refused as a value: ${release}`, async () => {
    await using server = await ValkeyServerProcess.start(release, [
      'user fw1 on >secret ~a &* -@all +get +set +ping',
    ]);
    const connection = await connectValkey(at(server.port, 'fw1', 'secret'));
    const bytes = Buffer.from([0, 255, 13, 10]);

    const replies = await connection.ask([
      ['SET', 'a', bytes],
      ['GET', 'a'],
      ['GET', 'b'],
      ['FLUSHALL'],
      ['PING'],
    ]);
    connection.close();

    assert.equal(replies[1], bytes);
    assert.equal(replies[4], Buffer.from('PONG'));
    assert.match(String(replies[2]), 'NOPERM');
    assert.match(String(replies[3]), 'NOPERM');
    assert.is(connection.isOpen(), false);
    assert.match(await failureOf(connectValkey(at(server.port, 'fw1', 'wrong'))), /WRONGPASS/);
    assert.match(await failureOf(connectValkey(at(server.port, 'fw2', 'secret'))), /WRONGPASS/);
  });

test('is not there where nothing listens, and says so', async () => {
  assert.match(await failureOf(connectValkey(at(1))), '127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1');
});

test('ends where no answer comes, tells why, and says no more', async () => {
  using silent = await serve(() => undefined);
  const ended: string[] = [];
  const options = { answerMs: 500, ended: (why: string) => ended.push(why) };
  const connection = await connectValkey(at(silent.port), options);

  const failures = await Promise.all([
    failureOf(connection.ask([['GET', 'a']])),
    failureOf(connection.ask([['GET', 'b']])),
  ]);

  for (const failure of failures) assert.match(failure, 'no answer for 0.5 s');
  assert.is(connection.isOpen(), false);
  await eventually(() => {
    assert.equal(ended, ['no answer for 0.5 s']);
  });
});

test('ends where an answer is larger than it may be, before all of it came', async () => {
  // As of something much larger, of which only this comes.
  using large = await serve((socket) => socket.write(`$1000000\r\n${'x'.repeat(2_000)}`));
  const connection = await connectValkey(at(large.port), { replyBytes: 1_000 });

  assert.match(await failureOf(connection.ask([['GET', 'a']])), 'it answers with more than 1000 bytes');
  assert.is(connection.isOpen(), false);
});

test('ends where the answer is of no protocol, or is cut', async () => {
  for (const answer of ['HTTP/1.1 400 Bad Request\r\n\r\n', '*2\r\n$1\r\nx']) {
    using wrong = await serve((socket) => socket.end(answer));
    const connection = await connectValkey(at(wrong.port));

    assert.match(await failureOf(connection.ask([['GET', 'a']])), `127.0.0.1:${wrong.port}: `);
    assert.is(connection.isOpen(), false);
  }
});

test('does not tell that it ended where it was closed', async () => {
  using silent = await serve(() => undefined);
  const ended: string[] = [];
  const connection = await connectValkey(at(silent.port), { ended: (why) => ended.push(why) });
  const asked = failureOf(connection.ask([['GET', 'a']]));

  connection.close();

  assert.match(await asked, 'closed');
  assert.equal(ended, []);
});

test.run();
