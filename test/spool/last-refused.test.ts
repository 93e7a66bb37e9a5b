import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findLastRefused, type ServerRecord } from '../../src/spool/last-refused.ts';

const refusing = suite('the last refused file of a server');

const NONE = { code: undefined, reason: undefined };
const AT = Date.UTC(2026, 10, 22, 13, 30);

refusing('is the newest that is kept, whose reason is read once', () => {
  let path = '/rejected/web1/1.yaml';
  const read: string[] = [];
  const rejector = {
    newest: (server: string) => (server === 'web1' ? { path, refusedAt: AT, bytes: 1 } : undefined),
    reasonOf: (each: string) => (
      read.push(each),
      each.includes('1.yaml') ? { code: 'too-wide', reason: 'too wide' } : NONE
    ),
  };
  const servers = new Map<string, ServerRecord>([['web1', { intents: 3, refused: 1 }]]);
  const find = (server: string): ReturnType<typeof findLastRefused> =>
    findLastRefused({ rejector, servers }, server);

  const first = [find('web1'), find('web1')];
  path = '/rejected/web1/2.yaml';
  const next = find('web1');

  const found = {
    path: '/rejected/web1/1.yaml',
    code: 'too-wide',
    reason: 'too wide',
    at: '2026-11-22T13:30:00.000Z',
  };
  assert.equal(first, [found, found]);
  assert.equal([next?.code, next?.reason], [null, 'unknown']);
  assert.equal(read, ['/rejected/web1/1.yaml', '/rejected/web1/2.yaml']);
  assert.equal(servers.get('web1'), { intents: 3, refused: 1, lastRefused: next });
  assert.is(find('mail'), undefined);
});

refusing.run();
