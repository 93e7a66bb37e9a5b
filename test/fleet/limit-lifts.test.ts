import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Claim } from '../../src/claims/claim.ts';
import { hearPeers } from '../../src/claims/hear.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { netOf } from '../../src/domain/net.ts';
import { limitLifts } from '../../src/fleet/limit-lifts.ts';
import { DEFAULT_PEER_LIMITS, type PeerPolicy } from '../../src/policy/peer-policy.ts';
import { millis, WHOLE } from '../claims/said.ts';
import { keyOf } from '../support/fleet-of-memory.ts';

const lifting = suite('lifts of peers and the policy of now');

const ADDRESSES = ['203.0.113.1', '198.51.100.2', '203.0.113.3'];

/** Each a second newer than the one before; a ban of the same operator stands beside the second. */
const LIFTS = ADDRESSES.map((ip, index): Claim => {
  const bans = index === 1 ? [{ heard: millis(9), since: millis(9), until: millis(90) }] : [];
  return {
    ip: netOf(ip),
    server: 'fw2/local',
    jail: 'sshd',
    bans,
    unbanned: millis(index),
    forget: millis(99),
  };
});

function lifted(...lifts: readonly Claim[]): State {
  const claims = lifts.filter(({ bans }) => bans.length > 0);
  const publication = { ...WHOLE, peer: 'fw2', sequence: 1, published: millis(9), claims, lifts };
  return hearPeers(EMPTY_STATE, [publication], millis(9));
}

function peersOf(limits: Partial<PeerPolicy>, name = 'fw2'): ReadonlyMap<string, PeerPolicy> {
  return new Map([[name, { ...DEFAULT_PEER_LIMITS, key: keyOf(name).key, ...limits }]]);
}

function left(state: State): readonly string[] {
  return Array.from(allClaims(state), ({ ip, bans, unbanned }) => {
    return `${ip.text}${bans.length > 0 ? ' banned' : ''}${unbanned === undefined ? '' : ' lifted'}`;
  }).sort();
}

lifting('within the limits stay as they are', () => {
  const state = lifted(...LIFTS);

  assert.is(limitLifts(state, peersOf({ lifts: 3 })), state);
  assert.is(limitLifts(state, peersOf({ lifts: 0 }, 'fw3')), state);
});

lifting('beyond their number end, the oldest first, and what is banned beside them stays', () => {
  const state = lifted(...LIFTS);

  assert.equal(left(limitLifts(state, peersOf({ lifts: 2 }))), [
    '198.51.100.2 banned lifted',
    '203.0.113.3 lifted',
  ]);
  assert.equal(left(limitLifts(state, peersOf({ lifts: 1 }))), ['198.51.100.2 banned', '203.0.113.3 lifted']);
  assert.equal(left(limitLifts(state, peersOf({ lifts: 0 }))), ['198.51.100.2 banned']);
});

lifting('that are wider than the limit end', () => {
  const [wide, wide6] = ['203.0.113.0/24', '2001:db8::/48'].map((ip): Claim => {
    return {
      ip: netOf(ip),
      server: 'fw2/local',
      jail: '*',
      bans: [],
      unbanned: millis(1),
      forget: millis(99),
    };
  });
  if (wide === undefined || wide6 === undefined) throw new Error('there are not two');
  const state = lifted(...LIFTS, wide, wide6);

  assert.is(left(limitLifts(state, peersOf({}))).length, 5);
  assert.not(left(limitLifts(state, peersOf({ prefix4: 25 }))).includes('203.0.113.0/24 lifted'));
  assert.not(left(limitLifts(state, peersOf({ prefix6: 49 }))).includes('2001:db8::/48 lifted'));
});

lifting.run();
