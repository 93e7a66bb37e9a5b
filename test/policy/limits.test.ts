import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Intent, SnapshotIntent } from '../../src/intent/intent.ts';
import { OPERATOR } from '../../src/names/names.ts';
import { netOf } from '../../src/net/net.ts';
import { MAX_JAILS, reasonToRefuse, type Holdings } from '../../src/policy/limits.ts';
import { DEFAULT_LIMITS, EMPTY_POLICY, type Limits, type Policy } from '../../src/policy/policy.ts';

const limits = suite('limits');

const TIME = Date.UTC(2026, 10, 22);

const ban = (ip: string, jail = 'sshd'): Intent => ({
  intent: 'ban',
  jail,
  ip: netOf(ip),
  time: TIME,
  until: Infinity,
});
const unban = (ip: string): Intent => ({ intent: 'unban', jail: 'sshd', ip: netOf(ip), time: TIME });
const snapshot = (...ips: readonly string[]): SnapshotIntent => ({
  intent: 'snapshot',
  jail: 'sshd',
  time: TIME,
  bans: ips.map((ip) => ({ ip: netOf(ip), time: TIME, until: Infinity })),
});

function holding(changes: Partial<Holdings> = {}): Holdings {
  return { claims: 0, tombstones: 0, jails: new Map(), has: () => false, ...changes };
}

const policyWith = (own: Partial<Limits>): Policy => ({
  ...EMPTY_POLICY,
  defaults: { ...DEFAULT_LIMITS, ...own },
});

interface Situation {
  readonly policy?: Policy;
  readonly holdings?: Holdings;
  readonly server?: string;
}

function refusal(intent: Intent, situation: Situation = {}): string {
  const { policy = EMPTY_POLICY, holdings = holding(), server = 'web1' } = situation;
  return reasonToRefuse(intent, server, { policy, holdings }) ?? 'taken';
}

limits('an address, and a net of a provider’s customer, may be claimed', () => {
  const claimed = ['203.0.113.7', '203.0.113.0/24', '2001:db8::7', '2001:db8::/48'].map((ip) =>
    refusal(ban(ip)),
  );

  assert.equal(claimed, ['taken', 'taken', 'taken', 'taken']);
});

limits('a wider net is refused, the whole Internet too, in a snapshot as in a ban', () => {
  for (const ip of ['0.0.0.0/0', '::/0', '203.0.112.0/23', '2001:db8::/47']) {
    assert.match(
      refusal(ban(ip)),
      /^ip: \S+ is wider than \/(24|48), the limit of web1; policy.yaml can raise it/,
    );
    assert.match(refusal(snapshot('203.0.113.7', ip)), /^ip: \S+ is wider than/);
  }
});

limits('an operator may name wider nets, but not all of them', () => {
  const refusals = ['203.0.0.0/8', '0.0.0.0/0', '0.0.0.0/7'].map((ip) =>
    refusal(ban(ip), { server: OPERATOR }),
  );

  assert.is(refusals[0], 'taken');
  assert.ok(refusals.slice(1).every((reason) => reason.includes('wider than /8')));
});

limits('one claim more than the limit is refused, and one that is already there is not', () => {
  const full = holding({
    claims: 5,
    jails: new Map([['sshd', { claims: 5, newest: TIME }]]),
    has: (_jail, ip) => ip.text === '203.0.113.7',
  });
  const policy = policyWith({ claims: 5 });

  assert.is(
    refusal(ban('203.0.113.8'), { policy, holdings: full }),
    'web1 would have 6 claims; its limit is 5; policy.yaml can raise it (limits)',
  );
  assert.is(refusal(ban('203.0.113.7'), { policy, holdings: full }), 'taken');
  assert.is(refusal(ban('203.0.113.8'), { policy, holdings: holding({ claims: 4 }) }), 'taken');
});

limits('a snapshot that goes beyond the limit is refused whole', () => {
  const policy = policyWith({ claims: 2 });

  assert.match(
    refusal(snapshot('203.0.113.1', '203.0.113.2', '203.0.113.3'), { policy }),
    /would have 3 claims/,
  );
  assert.is(refusal(snapshot('203.0.113.1', '203.0.113.2'), { policy }), 'taken');
  assert.is(refusal(snapshot(), { policy, holdings: holding({ claims: 9 }) }), 'taken');
});

limits('a snapshot is held to what it leaves, and not to what it ends', () => {
  const policy = policyWith({ claims: 5 });
  const jails = new Map([
    ['sshd', { claims: 3, newest: TIME - 1 }],
    ['web', { claims: 2, newest: TIME + 1 }],
  ]);
  const holdings = holding({ claims: 5, jails });

  assert.is(refusal(snapshot('203.0.113.1', '203.0.113.2', '203.0.113.3'), { policy, holdings }), 'taken');
  assert.match(
    refusal(snapshot('203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'), { policy, holdings }),
    /would have 6 claims/,
  );
});

limits('a snapshot that is not the newest word of its jail is held to the sum', () => {
  const policy = policyWith({ claims: 5 });

  for (const newest of [TIME, TIME + 1]) {
    const holdings = holding({ claims: 5, jails: new Map([['sshd', { claims: 5, newest }]]) });

    assert.match(refusal(snapshot('203.0.113.1'), { policy, holdings }), /would have 6 claims/);
  }
});

limits('a server may claim for the jails that the policy names, and always unban', () => {
  const policy = policyWith({ jails: ['web'] });

  assert.is(
    refusal(ban('203.0.113.7'), { policy }),
    'jail: policy.yaml lets web1 claim only for web, not for "sshd"',
  );
  assert.is(refusal({ intent: 'start', jail: 'sshd', time: TIME }, { policy }).slice(0, 5), 'jail:');
  assert.is(refusal(unban('203.0.113.7'), { policy }), 'taken');
});

limits('a server has no more than a hundred jails: each is a chain that every packet passes', () => {
  const jails = new Map(
    Array.from({ length: MAX_JAILS }, (_, index) => [`jail${index}`, { claims: 0, newest: TIME }]),
  );

  assert.match(refusal(ban('203.0.113.7'), { holdings: holding({ jails }) }), /has 100 jails already/);
  assert.match(
    refusal({ intent: 'flush', jail: 'new', time: TIME }, { holdings: holding({ jails }) }),
    /100 jails/,
  );
  assert.is(refusal(ban('203.0.113.7', 'jail7'), { holdings: holding({ jails }) }), 'taken');
});

limits('unbans of what was never banned are remembered up to the limit of claims', () => {
  const policy = policyWith({ claims: 5 });
  const full = holding({ tombstones: 5, has: (_jail, ip) => ip.text === '203.0.113.7' });

  assert.match(refusal(unban('203.0.113.8'), { policy, holdings: full }), /claims nothing of 203\.0\.113\.8/);
  assert.is(refusal(unban('203.0.113.7'), { policy, holdings: full }), 'taken');
});

limits('what is said of a jail as a whole takes no room', () => {
  const policy = policyWith({ claims: 0 });

  for (const intent of ['start', 'reload', 'stop', 'flush'] as const) {
    assert.is(refusal({ intent, jail: 'sshd', time: TIME }, { policy }), 'taken');
  }
});

limits('the limits of a server go before those of all', () => {
  const policy = { ...EMPTY_POLICY, servers: new Map([['web1', { ...DEFAULT_LIMITS, prefix4: 16 }]]) };

  assert.is(refusal(ban('203.0.0.0/16'), { policy }), 'taken');
  assert.match(refusal(ban('203.0.0.0/16'), { policy, server: 'mail' }), /wider than \/24/);
});

limits.run();
