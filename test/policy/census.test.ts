import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { Census } from '../../src/policy/census.ts';
import { hearPeers } from '../../src/claims/hear.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import { ban, heard, IP, millis, snapshot, tell, unban, WHOLE } from '../claims/said.ts';

const census = suite('census');

const STATE = heard(
  5,
  tell('start', 0, { jail: 'idle' }),
  ban(0, 600),
  ban(0, 600, { ip: '203.0.113.8', jail: 'web' }),
  unban(3, { ip: '203.0.113.9' }),
  ban(0, 600, { server: 'mail' }),
);

const isHeld = (jail: string, ip: string, server = 'web1'): boolean =>
  new Census().isHeld({ ip: netOf(ip), server, jail }, STATE);

census('a server has its own claims, unbans and jails', () => {
  const { claims, tombstones, jails } = new Census().holdingOf('web1', STATE);

  assert.equal([claims, tombstones, [...jails.keys()].sort()], [2, 1, ['idle', 'sshd', 'web']]);
});

census('what an operator lifted of each of many servers makes no jails', () => {
  const lifts = Array.from({ length: 200 }, (_, index) =>
    unban(4, { server: OPERATOR, jail: EVERY_JAIL, of: `web${index}` }),
  );

  const { tombstones, jails } = new Census().holdingOf(OPERATOR, heard(5, ...lifts));

  assert.equal([tombstones, jails.size], [200, 0]);
});

census('a peer has what all claimants behind it have together', () => {
  const state = heard(
    5,
    ban(0, 600),
    ban(0, 600, { server: 'fw2/web1' }),
    ban(0, 600, { server: 'fw2/web2' }),
  );

  const { claims, jails } = new Census().holdingOfPeer('fw2', state);

  assert.equal([claims, [...jails.keys()]], [2, ['sshd']]);
  assert.equal([...new Census().claimsByClaimant(state)].sort(), [
    ['fw2/web1', 1],
    ['fw2/web2', 1],
    ['web1', 1],
  ]);
});

census('a server that was never heard of has nothing', () => {
  const { claims, tombstones, jails } = new Census().holdingOf('new', STATE);

  assert.equal([claims, tombstones, jails.size], [0, 0, 0]);
  assert.not(isHeld('sshd', IP, 'new'));
});

census('a claim is had in its jail, and an unban is none', () => {
  const had = [isHeld('sshd', IP), isHeld('web', IP), isHeld('sshd', '203.0.113.9')];

  assert.equal(had, [true, false, false]);
});

census('what was heard of a jail last is its newest ban or its newest snapshot', () => {
  const newestOf = (...said: readonly SentIntent[]): number | undefined =>
    new Census().holdingOf('web1', heard(9, ...said)).jails.get('sshd')?.newest;

  assert.is(newestOf(tell('start', 8)), -Infinity);
  assert.is(newestOf(ban(3, 600), ban(5, 60)), millis(5));
  assert.is(newestOf(ban(3, 600), snapshot(4, [])), millis(4));
  assert.is(newestOf(snapshot(4, []), ban(5, 600)), millis(5));
});

census('a peer has what all claimants behind it have, and nothing of others', () => {
  const bans = [{ heard: millis(0), since: millis(0), until: millis(600) }];
  const lines = [
    { server: 'fw2/web1', jail: 'sshd', bans },
    { server: 'fw2/web2', jail: 'web', bans },
    { server: 'fw22/web1', jail: 'mail', bans },
    { server: 'fw2/local', jail: '*', bans: [], unbanned: millis(0), forget: millis(600) },
  ].map((line) => ({ ip: netOf(IP), ...line }));
  const publication = { ...WHOLE, peer: 'fw2', sequence: 1, published: millis(5), claims: lines.slice(0, 3) };
  const state = hearPeers(STATE, [{ ...publication, lifts: lines.slice(3) }], millis(5));

  const { claims, tombstones, jails } = new Census().holdingOfPeer('fw2', state);

  assert.equal([claims, tombstones, [...jails.keys()].sort()], [2, 1, ['*', 'sshd', 'web']]);
  assert.is(new Census().holdingOfPeer('web1', state).claims, 0);
});

census('an unban is remembered, and a ban is none', () => {
  const isRemembered = (ip: string, server = 'web1'): boolean =>
    new Census().isRemembered({ ip: netOf(ip), server, jail: 'sshd' }, STATE);

  assert.equal(
    [isRemembered('203.0.113.9'), isRemembered(IP), isRemembered('198.51.100.9')],
    [...[true, false, false]],
  );
  assert.not(isRemembered('203.0.113.9', 'mail'));
});

census.run();
