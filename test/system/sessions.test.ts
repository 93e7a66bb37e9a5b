import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Run } from '../../src/system/processes/run.ts';
import { makeFindSessions } from '../../src/system/sessions.ts';

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

sessions.run();
