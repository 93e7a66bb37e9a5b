import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noticeOf } from '../../src/notify/notice-of.ts';
import { bannedOf, driftOf, NOON, refusedOf } from '../support/messenger.ts';

const test = suite('a notice');

test('is one for drift of one program, for one cause of refusal of a server, and for all bans', () => {
  const keys = [
    driftOf(NOON, ['nft (pid 1)']),
    driftOf(NOON, ['nft (pid 2)']),
    refusedOf('web1'),
    bannedOf('192.0.2.1'),
  ];

  assert.equal(
    keys.map((event) => noticeOf(event)?.key),
    ['drift nft', 'drift nft', 'refused web1 (too-wide)', 'ban'],
  );
  assert.is(noticeOf(bannedOf('192.0.2.1', { reason: 'a\nb' }))?.line, '192.0.2.1 in sshd by web1: a b');
});

test('is made of what an attack brought beyond what is told one by one, and of no end and no condition', () => {
  const time = '';

  assert.equal(noticeOf({ kind: 'more', time, of: 'refused', count: 9 })?.count, 9);
  assert.equal(noticeOf({ kind: 'more', time, of: 'banned', count: 9 })?.key, 'ban');
  assert.is(noticeOf({ kind: 'more', time, of: 'ended', count: 9 }), undefined);
  assert.is(noticeOf({ kind: 'started', time }), undefined);
});

test.run();
