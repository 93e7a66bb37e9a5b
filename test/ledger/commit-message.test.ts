import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commitMessage } from '../../src/ledger/commit-message.ts';
import { diffStates } from '../../src/claims/diff.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import type { State } from '../../src/claims/state.ts';
import { ban, heard, IP, millis, then, unban } from '../claims/said.ts';

const messages = suite('commit message');

function messageOf(before: State, at: number, ...said: readonly SentIntent[]): string {
  return commitMessage(diffStates(before, then(before, at, ...said), millis(at)));
}

messages('one change is the subject', () => {
  assert.is(
    messageOf(heard(0), 1, ban(0, 600, { failures: 5, reason: 'invalid user' })),
    `ban ${IP} in sshd by web1 until 2026-11-22 13:40:00 UTC, 5 failures, invalid user\n`,
  );
  assert.is(messageOf(heard(0), 1, ban(0, Infinity)), `ban ${IP} in sshd by web1 until unbanned\n`);
  assert.is(
    messageOf(heard(1, ban(0, 600)), 6, unban(5)),
    `end ${IP} in sshd by web1: the server unbanned it\n`,
  );
  assert.is(
    messageOf(heard(1, ban(0, 600)), 6, ban(5, 900)),
    `keep ${IP} in sshd by web1 until 2026-11-22 13:45:05 UTC\n`,
  );
});

messages('what an operator bans and unbans is told as such, and failures are where some were counted', () => {
  const own = { server: 'local', jail: 'manual' };

  assert.is(
    messageOf(heard(0), 1, ban(0, Infinity, { ...own, failures: 0 })),
    `ban ${IP} in manual by local until unbanned\n`,
  );
  assert.is(
    messageOf(heard(1, ban(0, 600, own)), 6, unban(5, own)),
    `end ${IP} in manual by local: an operator lifted it\n`,
  );
});

messages('lines of others stand below', () => {
  const others = ['policy: deny 192.0.2.0/24: policy.yaml line 3'];

  assert.is(commitMessage([], 'Take over', others), `Take over\n\n${others.join()}\n`);
});

messages('several changes are counted, and each has a line', () => {
  const before = heard(1, ban(0, 600));

  const message = messageOf(
    before,
    6,
    unban(5),
    ban(5, 600, { server: 'mail' }),
    ban(5, 600, { ip: '203.0.113.8' }),
  );

  assert.is(
    message,
    [
      'ban 2, end 1 (mail, web1)',
      '',
      `ban ${IP} in sshd by mail until 2026-11-22 13:40:05 UTC`,
      `end ${IP} in sshd by web1: the server unbanned it`,
      'ban 203.0.113.8 in sshd by web1 until 2026-11-22 13:40:05 UTC',
      '',
    ].join('\n'),
  );
});

messages('a message of thousands of changes stays one that can be read', () => {
  const bans = Array.from({ length: 2500 }, (_, index) =>
    ban(0, 600, { ip: `10.0.${index >> 8}.${index & 255}` }),
  );

  const lines = messageOf(heard(0), 1, ...bans).split('\n');

  assert.is(lines.length, 104);
  assert.is(lines[0], 'ban 2500 (web1)');
  assert.is(lines[102], 'and 2,400 more changes');
});

messages('a batch that changes no ban says so', () => {
  assert.is(messageOf(heard(0), 1, unban(0)), 'Record the settings of jails\n');
});

messages('a subject of its own goes ahead of the changes', () => {
  const changes = diffStates(heard(0), heard(1, ban(0, Infinity)), millis(1));

  assert.is(commitMessage(changes, 'Begin'), `Begin\n\nban ${IP} in sshd by web1 until unbanned\n`);
  assert.is(commitMessage([], 'Begin'), 'Begin\n');
});

messages('many servers are named in part', () => {
  const bans = Array.from({ length: 8 }, (_, index) => ban(0, 600, { server: `web${index}` }));

  assert.match(messageOf(heard(0), 1, ...bans), /^ban 8 \(web0, web1, web2, web3, web4, …\)\n/);
});

messages.run();
