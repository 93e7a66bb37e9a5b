import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hasEnded, ownIdentity } from '../../../src/system/processes/process-identity.ts';
import { Child } from '../../support/child.ts';

const test = suite('which process somebody is');

test('a process that runs has not ended, and one that nobody here can see is not said to', () => {
  const own = ownIdentity();

  assert.is(own.pid, process.pid);
  assert.is(hasEnded(own), false);
  assert.is(hasEnded({ ...own, namespace: 'pid:[1]', started: '1' }), false);
});

test('who has the pid now is another, when he began at another time or after another boot', () => {
  const own = ownIdentity();

  assert.is(hasEnded({ ...own, started: '1' }), true);
  assert.is(hasEnded({ ...own, boot: 'another' }), true);
});

test('a process that runs has not ended where a machine of systemd-nspawn has a boot id of its own', async () => {
  await using child = new Child(['sleep', '60']);
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  const seen = { ...ownIdentity(), pid: child.pid, started, boot: 'of the machine' };

  assert.is(hasEnded(seen), false);
  assert.is(hasEnded({ ...seen, started: '1' }), true);
  assert.is(hasEnded({ ...seen, namespace: 'pid:[1]' }), true);
});

test('a pid that nobody has any more is one that has ended', async () => {
  const child = new Child(['true']);
  await child.ended;

  assert.is(hasEnded({ ...ownIdentity(), pid: child.pid }), true);
});

test.run();
