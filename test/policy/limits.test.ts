import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { limitsOf, widestOf } from '../../src/policy/limits.ts';
import { DEFAULT_LIMITS } from '../../src/policy/limit-schemas.ts';
import { DEFAULT_PEER_LIMITS } from '../../src/policy/peer-policy.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { ed25519 } from '../access/ssh-key.ts';

const limits = suite('limits');

limits('of a server are those that the policy names for it, or else for all', () => {
  const [all, own] = [5, 7].map((claims) => ({ ...DEFAULT_LIMITS, claims }));
  const policy = {
    ...EMPTY_POLICY,
    defaults: all ?? DEFAULT_LIMITS,
    servers: new Map([['web1', own ?? DEFAULT_LIMITS]]),
  };

  assert.equal(
    ['web1', 'mail'].map((server) => limitsOf(server, policy).claims),
    [7, 5],
  );
});

limits('of an operator are wider, but not half of the Internet, unless the policy names him', () => {
  const named = { ...EMPTY_POLICY, servers: new Map([[OPERATOR, DEFAULT_LIMITS]]) };
  const own = limitsOf(OPERATOR, { ...EMPTY_POLICY, defaults: { ...DEFAULT_LIMITS, claims: 1 } });

  assert.equal(
    ['203.0.113.7', '2001:db8::7'].map((ip) => widestOf(netOf(ip), own)),
    [8, 16],
  );
  assert.is(own.claims, 1_000_000);
  assert.equal(limitsOf(OPERATOR, named), DEFAULT_LIMITS);
});

limits('of whoever is behind a peer are the peer’s, and of nobody’s they leave nothing', () => {
  const peer = { ...DEFAULT_PEER_LIMITS, key: ed25519(), claims: 5 };
  const policy = {
    ...EMPTY_POLICY,
    peers: new Map([['fw2', peer]]),
    servers: new Map([['web1', DEFAULT_LIMITS]]),
  };

  assert.equal(
    ['fw2/web1', 'fw2/local', 'fw2/adopted'].map((server) => limitsOf(server, policy)),
    [peer, peer, peer],
  );
  assert.equal(limitsOf('fw3/local', policy), {
    claims: 0,
    prefix4: 32,
    prefix6: 128,
    bantime: 0,
    jails: [],
  });
});

limits.run();
