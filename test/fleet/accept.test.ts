import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_BANS } from '../../src/claims/claim-join.ts';
import type { Claim } from '../../src/claims/claim.ts';
import { hearPeers } from '../../src/claims/hear.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { accept, type Accepted } from '../../src/fleet/accept.ts';
import { MAX_AHEAD_MS } from '../../src/intent/clamp.ts';
import { LIFTS_FILE } from '../../src/fleet/peer-file.ts';
import { countRefused, sumOfRefused, type Refused } from '../../src/fleet/refused.ts';
import { Census } from '../../src/policy/census.ts';
import { MAX_JAILS } from '../../src/policy/limits.ts';
import { DEFAULT_PEER_LIMITS, type PeerPolicy } from '../../src/policy/peer-policy.ts';
import { keyOf } from '../support/fleet-of-memory.ts';
import { WHOLE } from '../claims/said.ts';

const accepting = suite('lines of a peer');

const NOW = Date.UTC(2026, 10, 22, 13, 30);
const IP = netOf('203.0.113.7');
const MINUTE = 60_000;

interface Told {
  readonly claims: readonly Claim[];
  readonly lifts: readonly Claim[];
}

interface Situation {
  readonly state?: State;
  readonly limits?: Partial<PeerPolicy>;
}

/** What fw1 takes in of what fw2 told. */
function accepted(
  { claims = [], lifts = [] }: Partial<Told>,
  { state = EMPTY_STATE, limits = {} }: Situation = {},
): Accepted {
  return accept(filesOf({ claims, lifts }), {
    ...{ self: 'fw1', peer: 'fw2', state, census: new Census(), now: NOW, published: NOW },
    limits: { ...DEFAULT_PEER_LIMITS, key: keyOf('fw2').key, ...limits },
  });
}

function filesOf({ claims, lifts }: Told): Parameters<typeof accept>[0] {
  return [
    { path: 'ipv4/203.yaml', lines: claims },
    { path: LIFTS_FILE, lines: lifts },
  ];
}

/** What was refused, of all files. */
function refusedOf({ refused }: Accepted): Refused {
  return sumOfRefused(refused.values());
}

function claim(changes: Partial<Claim> = {}): Claim {
  const bans = [{ heard: NOW - 1, since: NOW - 1, until: NOW + MINUTE }];
  return { ip: IP, server: 'web1', jail: 'sshd', bans, ...changes };
}

function lift(jail: string, changes: Partial<Claim> = {}): Claim {
  return { ip: IP, server: OPERATOR, jail, bans: [], unbanned: NOW - 1, forget: NOW + MINUTE, ...changes };
}

/** Those of so many addresses, `203.0.113.0` and on. */
function many(count: number, of: (index: number) => Claim): readonly Claim[] {
  return Array.from({ length: count }, (_, index) => ({ ...of(index), ip: netOf(`203.0.113.${index}`) }));
}

/** The state in which this was taken in. */
function stateWith(told: Partial<Told>): State {
  const { claims, lifts } = accepted(told);
  return hearPeers(EMPTY_STATE, [{ ...WHOLE, peer: 'fw2', sequence: 1, published: NOW, claims, lifts }], NOW);
}

const shown = (taken: Accepted): readonly unknown[] => [
  taken.claims.length,
  taken.lifts.length,
  countRefused(refusedOf(taken)),
];

accepting('bear the name of the peer here, and say what it said', () => {
  const details = { said: NOW, ports: '22', protocols: 'tcp', failures: 5, reason: 'a\u001bb' };

  const { claims, refused } = accepted({
    claims: [claim({ details }), claim({ server: OPERATOR, bans: [] })],
  });

  assert.equal(claims, [
    { ...claim(), server: 'fw2/web1', details: { ...details, reason: 'a b' } },
    { ip: IP, server: 'fw2/local', jail: 'sshd', bans: [] },
  ]);
  assert.is(refused.size, 0);
});

accepting('of whom the peer heard, or of a name that no server has, are refused', () => {
  const lines = ['fw3/web1', 'fw1/web1', 'Web1', '..', ''].map((server) => claim({ server }));

  assert.equal(shown(accepted({ claims: lines })), [0, 0, 5]);
});

accepting('name one jail where they ban: none is every jail, nor a lift', () => {
  const lines = ['*', 'sshd@web1', '*@web1', '-j', 'x'.repeat(65)].map((jail) => claim({ jail }));

  assert.equal(shown(accepted({ claims: lines })), [0, 0, 5]);
});

accepting('come at most five minutes out of the future, and their bans keep their length', () => {
  const at = (ahead: number): Claim => {
    const since = NOW + ahead;
    const bans = [{ heard: since, since, until: since + MINUTE }];
    return claim({ bans, details: { said: since } });
  };

  const { claims } = accepted({ claims: [at(MAX_AHEAD_MS), at(MAX_AHEAD_MS + 1)] });

  const times = claims.map(({ bans, details }) => [
    bans[0]?.heard,
    bans[0]?.since,
    bans[0]?.until,
    details?.said,
  ]);
  assert.equal(times, [
    [NOW + MAX_AHEAD_MS, NOW + MAX_AHEAD_MS, NOW + MAX_AHEAD_MS + MINUTE, NOW + MAX_AHEAD_MS],
    [NOW, NOW, NOW + MINUTE, NOW],
  ]);
  const { lifts } = accepted({ lifts: [lift('*', { unbanned: NOW + MAX_AHEAD_MS + 1 })] });
  assert.is(lifts[0]?.unbanned, NOW);
});

accepting('have no more bans of an address than one of a server here, and no end by a confirmation', () => {
  const bans = Array.from({ length: MAX_BANS + 3 }, (_, index) => ({
    ...{ heard: NOW - index, since: NOW - index, until: NOW + MINUTE + index },
  }));

  const { claims } = accepted({ claims: [claim({ bans, details: { said: NOW, ifConfirmed: Infinity } })] });

  assert.equal([claims[0]?.bans.length, claims[0]?.details], [MAX_BANS, { said: NOW }]);
  assert.equal(claims[0]?.bans[0], bans[0]);
});

accepting('end a claim and are no lift, whatever they remember: of a server, or beside a ban', () => {
  const memory = { unbanned: NOW, forget: NOW + MINUTE };
  const ended = claim({ bans: [], details: { said: NOW, ports: '22' }, ...memory });

  const { claims } = accepted({ claims: [ended, claim({ server: OPERATOR, ...memory })] });

  assert.equal(claims, [
    { ip: IP, server: 'fw2/web1', jail: 'sshd', bans: [] },
    { ...claim(), server: 'fw2/local' },
  ]);
});

accepting('are taken in up to the limit of claims, and beyond it where they are held, or end one', () => {
  const three = many(3, () => claim());
  const limits = { claims: 2 };
  const held = stateWith({ claims: three.slice(0, 2) });

  const fresh = accepted({ claims: three }, { limits });
  const again = accepted({ claims: three }, { limits, state: held });
  const ending = accepted({ claims: many(9, () => claim({ bans: [] })) }, { limits, state: held });

  assert.equal(shown(fresh), [2, 0, 1]);
  assert.equal(
    fresh.claims.map(({ ip }) => ip.text),
    ['203.0.113.0', '203.0.113.1'],
  );
  assert.equal(shown(again), [2, 0, 1]);
  assert.equal(shown(ending), [9, 0, 0]);
});

accepting('take no room where their bans have ended, as in a publication that is old', () => {
  const bans = [{ heard: NOW - MINUTE, since: NOW - MINUTE, until: NOW }];
  const ended = many(2, () => claim({ bans, details: { said: NOW - MINUTE } }));

  const { claims, refused } = accepted({ claims: [...ended, claim()] }, { limits: { claims: 1 } });

  assert.equal(
    claims.map(({ bans: left, details }) => [left.length, details]),
    [
      [0, undefined],
      [0, undefined],
      [1, undefined],
    ],
  );
  assert.is(refused.size, 0);
});

accepting('of all servers behind the peer count together, and no other peer’s', () => {
  const limits = { claims: 2 };
  const two = many(2, (index) => claim({ server: `web${index}` }));
  const state = stateWith({ claims: two });
  const others = accept(filesOf({ claims: many(3, () => claim()), lifts: [] }), {
    ...{ self: 'fw1', peer: 'fw3', state, census: new Census(), now: NOW, published: NOW },
    limits: { ...DEFAULT_PEER_LIMITS, key: keyOf('fw3').key, ...limits },
  });

  assert.equal(shown(accepted({ claims: [claim({ server: 'web9' })] }, { state, limits })), [0, 0, 1]);
  assert.equal(shown(others), [2, 0, 1]);
});

accepting('name no more jails than those of a server here, but go on to name those', () => {
  const jails = many(MAX_JAILS + 2, (index) => claim({ jail: `jail${index}` }));
  const state = stateWith({ claims: jails.slice(0, MAX_JAILS) });
  const more = accepted(
    { claims: [claim({ jail: 'jail0' }), claim({ jail: 'other' }), claim({ jail: 'jail1' })] },
    { state },
  );

  assert.equal(shown(accepted({ claims: jails })), [MAX_JAILS, 0, 2]);
  assert.equal(
    more.claims.map(({ jail }) => jail),
    ['jail0', 'jail1'],
  );
  assert.equal(refusedOf(more), { jails: 1 });
});

accepting(
  'in jails that the policy ignores take no room from those that it takes, and as much of their own',
  () => {
    const limits = { claims: 2, jails: ['sshd'] };
    const noise = many(9, (index) => claim({ jail: `noise${index % 3}` }));
    const state = stateWith({ claims: noise.slice(0, 2) });
    const jailsOf = (taken: Accepted): readonly string[] => taken.claims.map(({ jail }) => jail);

    const fresh = accepted({ claims: [...noise, ...many(3, () => claim())] }, { limits });
    const later = accepted({ claims: [...noise, claim()] }, { limits, state });

    assert.equal(jailsOf(fresh), ['noise0', 'noise1', 'sshd', 'sshd']);
    assert.equal(refusedOf(fresh), { claims: 8 });
    assert.equal(jailsOf(later), ['noise0', 'noise1', 'sshd']);
  },
);

accepting('lift in a jail or every one, of all or of one, by the name that this firewall has for it', () => {
  const { lifts, refused } = accepted({
    lifts: ['*', 'sshd', 'sshd@web1', '*@fw3/web1', 'sshd@fw1/web1'].map((jail) => lift(jail)),
  });

  assert.equal(
    lifts.map(({ server, jail }) => `${server} ${jail}`),
    [
      'fw2/local *',
      'fw2/local sshd',
      'fw2/local sshd@fw2/web1',
      'fw2/local *@fw3/web1',
      'fw2/local sshd@web1',
    ],
  );
  assert.equal(
    lifts.map(({ unbanned, forget }) => [unbanned, forget]),
    lifts.map(() => [NOW - 1, NOW + MINUTE]),
  );
  assert.is(refused.size, 0);
});

accepting('that lift are an operator’s, without bans, and no wider than the limit', () => {
  const [wide, narrow] = ['203.0.0.0/23', '203.0.113.0/24'].map(netOf);
  const [wide6, narrow6] = ['2001:db8::/47', '2001:db8::/48'].map(netOf);
  const at = (ip: Claim['ip'] | undefined): Claim => lift('*', ip === undefined ? {} : { ip });

  assert.equal(
    shown(
      accepted({
        lifts: [
          lift('sshd', { server: 'web1' }),
          lift('sshd', { server: 'fw3/local' }),
          claim({ server: OPERATOR }),
          { ip: IP, server: OPERATOR, jail: 'sshd', bans: [] },
        ],
      }),
    ),
    [0, 0, 4],
  );
  const taken = accepted({ lifts: [at(wide), at(wide6), at(narrow), at(narrow6)] });
  assert.equal([shown(taken), refusedOf(taken)], [[0, 2, 2], { prefix4: 1, prefix6: 1 }]);
});

accepting('lift up to the limit of lifts, and beyond it where that is remembered', () => {
  const three = many(3, () => lift('*'));
  const limits = { lifts: 2 };
  const state = stateWith({ lifts: three.slice(0, 2) });

  assert.equal(shown(accepted({ lifts: three }, { limits })), [0, 2, 1]);
  assert.equal(shown(accepted({ lifts: three }, { limits, state })), [0, 2, 1]);
  assert.equal(shown(accepted({ lifts: three.slice(2) }, { limits, state })), [0, 0, 1]);
  assert.equal(shown(accepted({ lifts: three }, { limits: { lifts: 0 } })), [0, 0, 3]);
});

accepting('lift for a year at most, so that none takes room for ever', () => {
  const YEAR = 365 * 24 * 60 * MINUTE;
  const [young, old] = [
    lift('*', { forget: Infinity }),
    lift('sshd', { unbanned: NOW - YEAR, forget: Infinity }),
  ];

  const taken = accepted({ lifts: [old, young] }, { limits: { lifts: 1 } });

  assert.equal(
    taken.lifts.map(({ jail, forget }) => [jail, forget]),
    [['*', NOW - 1 + YEAR]],
  );
  assert.is(taken.refused.size, 0);
});

accepting('that are refused are counted by file, and by what refuses them', () => {
  const { refused } = accept(
    [
      { path: 'ipv4/198.yaml', lines: [claim(), claim({ server: 'fw3/web1' })] },
      { path: 'ipv4/203.yaml', lines: many(3, () => claim()) },
      { path: LIFTS_FILE, lines: [lift('*')] },
    ],
    {
      ...{ self: 'fw1', peer: 'fw2', state: EMPTY_STATE, census: new Census(), now: NOW, published: NOW },
      limits: { ...DEFAULT_PEER_LIMITS, key: keyOf('fw2').key, claims: 2, lifts: 0 },
    },
  );

  assert.equal(Object.fromEntries(refused), {
    'ipv4/198.yaml': { form: 1 },
    'ipv4/203.yaml': { claims: 2 },
    [LIFTS_FILE]: { lifts: 1 },
  });
});

accepting.run();
