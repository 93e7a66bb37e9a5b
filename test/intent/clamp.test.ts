import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clampTime } from '../../src/intent/clamp.ts';
import type { BanIntent, Intent, SnapshotIntent } from '../../src/intent/intent.ts';
import { netOf } from '../../src/domain/net.ts';

const clamp = suite('clamp');

const NOW = 1_795_330_538_000;
const MINUTE = 60_000;

const banAt = (time: number): BanIntent => ({
  intent: 'ban',
  jail: 'sshd',
  ip: netOf('203.0.113.7'),
  time,
  until: time + 10 * MINUTE,
});

clamp('a time of the past, and one a little ahead, stands', () => {
  for (const ahead of [-1e12, 0, 5 * MINUTE]) {
    const intent = banAt(NOW + ahead);

    assert.equal(clampTime(intent, NOW), { intent, aheadSeconds: undefined });
  }
});

clamp('a ban out of the future begins now and keeps its length', () => {
  const clamped = clampTime(banAt(NOW + 6 * MINUTE), NOW);

  assert.equal(clamped, { intent: banAt(NOW), aheadSeconds: 360 });
});

clamp('a ban out of the future without an end still has none', () => {
  const { intent } = clampTime({ ...banAt(NOW + 6 * MINUTE), until: Infinity }, NOW);

  assert.is('until' in intent ? intent.until : 0, Infinity);
});

clamp('every kind of intent out of the future is taken as said now', () => {
  const kinds: readonly Intent[] = [
    { intent: 'unban', jail: 'sshd', ip: netOf('203.0.113.7'), time: NOW + 1e9 },
    { intent: 'stop', jail: 'sshd', time: NOW + 1e9 },
    { intent: 'flush', jail: 'sshd', time: NOW + 1e9 },
    { intent: 'start', jail: 'sshd', time: NOW + 1e9 },
    { intent: 'reload', jail: 'sshd', time: NOW + 1e9 },
    { intent: 'snapshot', jail: 'sshd', time: NOW + 1e9, bans: [] },
    { ...banAt(NOW + 1e9), intent: 'prolong' },
  ];

  const times = kinds.map((intent) => clampTime(intent, NOW).intent.time);

  assert.equal(
    times,
    kinds.map(() => NOW),
  );
});

clamp('what a snapshot lists keeps its dates, of the past and a little ahead', () => {
  const bans = [-60 * MINUTE, 0, 5 * MINUTE].map((ahead) => {
    const { ip, time, until } = banAt(NOW + ahead);
    return { ip, time, until };
  });
  const intent: SnapshotIntent = { intent: 'snapshot', jail: 'sshd', time: NOW, bans };

  assert.equal(clampTime(intent, NOW).intent, intent);
});

clamp('a snapshot of now cannot hold bans that begin in the future', () => {
  const { jail, ip, time, until } = banAt(NOW + 6 * MINUTE);
  const snapshot: SnapshotIntent = { intent: 'snapshot', jail, time: NOW, bans: [{ ip, time, until }] };

  const { intent, aheadSeconds } = clampTime(snapshot, NOW);

  assert.is(aheadSeconds, undefined);
  assert.equal(intent, { ...snapshot, bans: [{ ip, time: NOW, until: NOW + 10 * MINUTE }] });
});

clamp.run();
