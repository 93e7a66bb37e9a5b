import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../../src/system/processes/run.ts';
import { makeFindSessions } from '../../src/system/sessions.ts';
import { peersIn } from '../../src/system/tcp-peers.ts';

const sessions = suite('who is logged in');

/** What `who` prints; the run of anything else is a mistake. */
function whoSaying(stdout: string): Run {
  return async (file, args) => {
    assert.equal([file, ...args], ['who', '--ips']);
    return Promise.resolve({ pid: 1, exitCode: 0, stdout, stderr: '' });
  };
}

/** Beside those of whoever runs the test by ssh. */
async function found(stdout: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  const all = await makeFindSessions(whoSaying(stdout), env)();
  return all.map(({ address, who }) => `${address} ${who}`);
}

sessions('is whoever the environment names, without the zone of a link', async () => {
  const all = await found('', { SSH_CONNECTION: 'fe80::7%eth0 50022 fe80::1%eth0 22', SSH_CLIENT: '' });

  assert.ok(all.includes('fe80::7 you are logged in'));
});

sessions('is everybody whom `who` knows with an address', async () => {
  const all = await found(
    [
      'root     tty1         2026-11-28 14:00',
      'anna     pts/1        2026-11-28 14:00 203.0.113.7',
      'otto     pts/2        2026-11-28 14:01 (2001:db8::7)',
      '',
    ].join('\n'),
  );

  assert.ok(all.includes('203.0.113.7 anna is logged in (pts/1)'));
  assert.ok(all.includes('2001:db8::7 otto is logged in (pts/2)'));
  assert.not(all.some((text) => text.includes('tty1')));
});

sessions('is nobody more where there is no `who`', async () => {
  const none: Run = async () => Promise.reject(new Error('ENOENT'));

  assert.ok((await makeFindSessions(none, { SSH_CONNECTION: '203.0.113.7 1 2 3' })()).length >= 1);
});

sessions("of a process's connections only the established ones count, of both families", () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0 100 0 0 10 0',
    '   1: 010200C0:0016 077100CB:C366 01 00000000:00000000 02:000A7214 00000000     0        0 12 2 0 20 4 1 10 -1',
    '   2: 010200C0:0016 087100CB:C366 01 00000000:00000000 02:000A7214 00000000     0        0 13 2 0 20 4 1 10 -1',
  ].join('\n');
  const table6 =
    '   0: B80D0120000000000000000001000000:0016 B80D0120000000000000000007000000:C366 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0 20 4 1 10 -1';

  assert.equal(peersIn(table, new Set(['11', '12'])), ['203.0.113.7']);
  assert.equal(peersIn(table6, new Set(['12'])), ['2001:0db8:0000:0000:0000:0000:0000:0007']);
});

sessions.run();
