import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Ban, Claim } from '../../src/claims/claim.ts';
import { netOf } from '../../src/domain/net.ts';
import { beganIn, unbannedIn } from '../../src/replay/sightings.ts';

const test = suite('replay/sightings');

const SEVEN = { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd' };

/** As a ban intent makes it. */
function said(since: number, until: number, more: Partial<Claim> = {}): Claim {
  const ban: Ban = { heard: since, since, until };
  return { ...SEVEN, bans: [ban], details: { said: since, failures: 3 }, ...more };
}

/** As a snapshot makes it. */
function listed(since: number, until: number): Claim {
  return { ...SEVEN, bans: [{ heard: since, since, until }] };
}

const TOMBSTONE: Claim = { ...SEVEN, bans: [], unbanned: 40_000, forget: 90_000 };

test('are bans that a server began while it banned nothing', () => {
  assert.is(beganIn(undefined, said(10_000, 20_000))?.since, 10_000);
  assert.is(beganIn(said(10_000, 20_000), said(20_000, 30_000))?.since, 20_000);
  assert.is(beganIn(TOMBSTONE, said(50_000, 60_000))?.since, 50_000);
  assert.is(beganIn(listed(10_000, 90_000), said(10_300, 90_300))?.since, 10_300);
});

test('are none that are prolonged, said again, or listed alone, and none of who is no server here', () => {
  assert.is(beganIn(said(10_000, 20_000), said(15_000, 30_000)), undefined);
  assert.is(beganIn(said(10_000, 20_000), said(10_000, 20_000)), undefined);
  assert.is(beganIn(undefined, listed(10_000, 20_000)), undefined);
  assert.is(beganIn(undefined, TOMBSTONE), undefined);
  for (const server of ['local', 'adopted', 'escalation', 'fw2/web1'])
    assert.is(beganIn(undefined, said(10_000, 20_000, { server })), undefined, server);
});

test('end with the unban of their server, and of nobody else', () => {
  assert.is(unbannedIn(said(10_000, 90_000), TOMBSTONE), 40_000);
  assert.is(unbannedIn(TOMBSTONE, { ...TOMBSTONE, forget: 95_000 }), undefined);
  assert.is(unbannedIn(undefined, { ...TOMBSTONE, server: 'local' }), undefined);
});

test.run();
