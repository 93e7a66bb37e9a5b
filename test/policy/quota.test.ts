import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Intent, SnapshotIntent } from '../../src/intent/intent.ts';
import { refusalText } from '../../src/domain/refusals.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { MAX_JAILS } from '../../src/policy/limits.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/policy/limit-schemas.ts';
import { EMPTY_POLICY, type Policy } from '../../src/policy/policy.ts';
import { Quota } from '../../src/policy/quota.ts';
import { Census } from '../../src/policy/census.ts';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import * as said from '../claims/said.ts';

const quota = suite('quota');

const TIME = Date.UTC(2026, 10, 22);

const ban = (ip: string, jail = 'sshd', time = TIME): Intent => ({
  intent: 'ban',
  jail,
  ip: netOf(ip),
  time,
  until: Infinity,
});
const unban = (ip: string): Intent => ({ intent: 'unban', jail: 'sshd', ip: netOf(ip), time: TIME });
const snapshot = (...ips: readonly string[]): SnapshotIntent => ({
  intent: 'snapshot',
  jail: 'sshd',
  time: TIME,
  bans: ips.map((ip) => ({ ip: netOf(ip), time: TIME, until: Infinity })),
});

const policyWith = (own: Partial<Limits>): Policy => ({
  ...EMPTY_POLICY,
  defaults: { ...DEFAULT_LIMITS, ...own },
});

interface Situation {
  readonly policy?: Policy;
  /** What was accepted of it before. */
  readonly before?: readonly Intent[];
  readonly server?: string;
}

function refusal(
  intent: Intent,
  { policy = EMPTY_POLICY, before = [], server = 'web1' }: Situation = {},
): string {
  const own = quotaOf(EMPTY_STATE, policy);
  for (const each of before) own.accept(server, each);
  const refusal = own.refusalOf(server, intent);
  return refusal === undefined ? 'taken' : refusalText(refusal);
}

function quotaOf(state: State, policy = EMPTY_POLICY): Quota {
  return new Quota({ state, policy, census: new Census() });
}

/** Different addresses, none of which a test names otherwise. */
function bans(count: number, jail = 'sshd', time = TIME): readonly Intent[] {
  return Array.from({ length: count }, (_, index) => ban(`198.51.${jail.length}.${index}`, jail, time));
}

quota('an address, and a net of a provider’s customer, may be claimed', () => {
  const claimed = ['203.0.113.7', '203.0.113.0/24', '2001:db8::7', '2001:db8::/48'].map((ip) =>
    refusal(ban(ip)),
  );

  assert.equal(claimed, ['taken', 'taken', 'taken', 'taken']);
});

quota('a wider net is refused, the whole Internet too, in a snapshot as in a ban', () => {
  for (const ip of ['0.0.0.0/0', '::/0', '203.0.112.0/23', '2001:db8::/47']) {
    assert.match(
      refusal(ban(ip)),
      /^ip: \S+ is wider than \/(24|48), the limit of web1; raise it under limits in policy.yaml/,
    );
    assert.match(refusal(snapshot('203.0.113.7', ip)), /^ip: \S+ is wider than/);
  }
});

quota('an operator may name wider nets, but not all of them', () => {
  const refusals = ['203.0.0.0/8', '0.0.0.0/0', '0.0.0.0/7'].map((ip) =>
    refusal(ban(ip), { server: OPERATOR }),
  );

  assert.is(refusals[0], 'taken');
  assert.ok(refusals.slice(1).every((reason) => reason.includes('wider than /8')));
});

quota('one claim more than the limit is refused, and one that is already there is not', () => {
  const full = [...bans(4), ban('203.0.113.7')];
  const policy = policyWith({ claims: 5 });

  assert.is(
    refusal(ban('203.0.113.8'), { policy, before: full }),
    'web1 would have 6 claims; its limit is 5; raise it under limits in policy.yaml',
  );
  assert.is(refusal(ban('203.0.113.7'), { policy, before: full }), 'taken');
  assert.is(refusal(ban('203.0.113.8'), { policy, before: bans(4) }), 'taken');
});

quota('a snapshot that goes beyond the limit is refused whole', () => {
  const policy = policyWith({ claims: 2 });

  assert.match(
    refusal(snapshot('203.0.113.1', '203.0.113.2', '203.0.113.3'), { policy }),
    /would have 3 claims/,
  );
  assert.is(refusal(snapshot('203.0.113.1', '203.0.113.2'), { policy }), 'taken');
  assert.is(refusal(snapshot(), { policy, before: bans(9) }), 'taken');
});

quota('a snapshot that adds is held to the sum', () => {
  const policy = policyWith({ claims: 5 });
  const before = bans(4, 'sshd', TIME - 1);
  const added = (...ips: readonly string[]): SnapshotIntent => ({ ...snapshot(...ips), adds: true });

  assert.is(refusal(added('203.0.113.99'), { policy, before }), 'taken');
  assert.match(
    refusal(added('203.0.113.98'), { policy, before: [...before, added('203.0.113.99')] }),
    /would have 6/,
  );
});

quota('a snapshot is held to what it leaves, and not to what it ends', () => {
  const policy = policyWith({ claims: 5 });
  const before = [...bans(3, 'sshd', TIME - 1), ...bans(2, 'web', TIME + 1)];

  assert.is(refusal(snapshot('203.0.113.1', '203.0.113.2', '203.0.113.3'), { policy, before }), 'taken');
  assert.match(
    refusal(snapshot('203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'), { policy, before }),
    /would have 6 claims/,
  );
});

quota('a snapshot that is not the newest word of its jail is held to the sum', () => {
  const policy = policyWith({ claims: 5 });

  for (const newest of [TIME, TIME + 1]) {
    const before = bans(5, 'sshd', newest);

    assert.match(refusal(snapshot('203.0.113.1'), { policy, before }), /would have 6 claims/);
  }
});

quota('a server may claim for the jails that the policy names, and always unban', () => {
  const policy = policyWith({ jails: ['web'] });

  assert.is(refusal(ban('203.0.113.7'), { policy }), 'jail: policy.yaml allows web1 only web, not "sshd"');
  assert.is(refusal({ intent: 'start', jail: 'sshd', time: TIME }, { policy }).slice(0, 5), 'jail:');
  assert.is(refusal(unban('203.0.113.7'), { policy }), 'taken');
});

quota('a server has no more than a hundred jails: each is a chain that every packet passes', () => {
  const before = Array.from({ length: MAX_JAILS }, (_, index): Intent => ({
    intent: 'start',
    jail: `jail${index}`,
    time: TIME,
  }));

  assert.match(refusal(ban('203.0.113.7'), { before }), /already has 100 jails/);
  assert.match(refusal({ intent: 'flush', jail: 'new', time: TIME }, { before }), /100 jails/);
  assert.is(refusal(ban('203.0.113.7', 'jail7'), { before }), 'taken');
});

quota('unbans of what was never banned are remembered up to the limit of claims', () => {
  const policy = policyWith({ claims: 5 });
  const full = [1, 2, 3, 4, 5].map((host) => unban(`203.0.113.${host}`)).concat(ban('203.0.113.7'));

  assert.match(refusal(unban('203.0.113.8'), { policy, before: full }), /has no claim on 203\.0\.113\.8/);
  assert.is(refusal(unban('203.0.113.7'), { policy, before: full }), 'taken');
});

quota('what is said of a jail as a whole takes no room', () => {
  const policy = policyWith({ claims: 0 });

  for (const intent of ['start', 'reload', 'stop', 'flush'] as const) {
    assert.is(refusal({ intent, jail: 'sshd', time: TIME }, { policy }), 'taken');
  }
});

quota('the limits of a server go before those of all', () => {
  const policy = { ...EMPTY_POLICY, servers: new Map([['web1', { ...DEFAULT_LIMITS, prefix4: 16 }]]) };

  assert.is(refusal(ban('203.0.0.0/16'), { policy }), 'taken');
  assert.match(refusal(ban('203.0.0.0/16'), { policy, server: 'mail' }), /wider than \/24/);
});

const STATE = said.heard(
  5,
  said.tell('start', 0, { jail: 'idle' }),
  said.ban(0, 600),
  said.ban(0, 600, { ip: '203.0.113.8', jail: 'web' }),
  said.unban(3, { ip: '203.0.113.9' }),
  said.ban(0, 600, { server: 'mail' }),
);

quota('what was accepted counts for what comes next, each address once', () => {
  const own = quotaOf(STATE);
  const words = [
    said.ban(6, 600),
    said.ban(6, 600, { ip: '203.0.113.20' }),
    said.ban(7, 600, { ip: '203.0.113.20' }),
    said.snapshot(7, [
      [said.IP, 0, 600],
      ['203.0.113.21', 0, 600],
    ]),
    said.unban(9, { ip: '203.0.113.22', jail: 'new' }),
    said.unban(9, { ip: '203.0.113.22', jail: 'new' }),
    said.unban(9),
  ];

  for (const { server, intent } of words) own.accept(server, intent);

  const { claims, tombstones, jails } = own.holdingOf('web1');
  assert.equal([claims, tombstones, jails.has('new')], [4, 2, true]);
});

quota('a snapshot that was accepted replaces what its jail had, older ones and other jails do not', () => {
  const own = quotaOf(STATE);
  const accept = ({ server, intent }: SentIntent): void => {
    own.accept(server, intent);
  };
  const claimsOf = (jail: string): number | undefined => own.holdingOf('web1').jails.get(jail)?.claims;

  accept(said.ban(6, 600, { ip: '203.0.113.20' }));
  accept(said.snapshot(8, [['203.0.113.21', 0, 600]]));
  const replaced = [own.holdingOf('web1').claims, claimsOf('sshd'), claimsOf('web')];
  const stillHad = [said.IP, '203.0.113.20', '203.0.113.21'].map((ip) =>
    own.holds('web1', 'sshd', netOf(ip)),
  );
  accept(said.ban(9, 600));
  accept(said.snapshot(7, [['203.0.113.22', 0, 600]]));

  assert.equal(replaced, [2, 1, 1]);
  assert.equal(stillHad, [false, false, true]);
  assert.equal([own.holdingOf('web1').claims, claimsOf('sshd')], [4, 3]);
});

quota('an unban of an address makes no room for a ban of it', () => {
  const own = quotaOf(STATE);
  const ip = '203.0.113.30';

  for (const { server, intent } of [said.unban(6, { ip }), said.ban(7, 600, { ip })])
    own.accept(server, intent);

  const { claims, tombstones } = own.holdingOf('web1');
  assert.equal([claims, tombstones], [3, 2]);
});

quota('no words that are taken leave more claims than the limit', () => {
  const policy = { ...EMPTY_POLICY, defaults: { ...DEFAULT_LIMITS, claims: LIMIT } };
  const taken = (state: State, words: readonly SentIntent[]): readonly SentIntent[] => {
    const own = quotaOf(state, policy);
    return words.filter(({ server, intent }) => {
      if (own.refusalOf(server, intent) !== undefined) return false;
      own.accept(server, intent);
      return true;
    });
  };

  fc.assert(
    fc.property(fc.array(fc.array(WORD, { maxLength: 12 }), { maxLength: 4 }), (passes) => {
      let state = EMPTY_STATE;
      for (const words of passes) state = fold(state, taken(state, words), said.millis(50));

      assert.ok(said.bansAt(state, 50).length <= LIMIT);
    }),
    { numRuns: 1_000 },
  );
});

const LIMIT = 3;

const address = fc.integer({ min: 1, max: 6 }).map((host) => `203.0.113.${host}`);
const where = fc.record({ ip: address, jail: fc.constantFrom('sshd', 'web') });
const at = fc.integer({ min: 0, max: 60 });

const WORD: fc.Arbitrary<SentIntent> = fc.oneof(
  fc.tuple(at, where).map(([time, place]) => said.ban(time, 600, place)),
  fc.tuple(at, where).map(([time, place]) => said.unban(time, place)),
  fc.tuple(at, fc.uniqueArray(address, { maxLength: LIMIT + 1 }), where).map(([time, ips, { jail }]) =>
    said.snapshot(
      time,
      ips.map((ip) => [ip, time, 600]),
      { jail },
    ),
  ),
);

quota.run();
