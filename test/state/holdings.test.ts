import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVERY_JAIL, OPERATOR } from '../../src/names/names.ts';
import { netOf } from '../../src/net/net.ts';
import { reasonToRefuse } from '../../src/policy/limits.ts';
import { DEFAULT_LIMITS, EMPTY_POLICY } from '../../src/policy/policy.ts';
import { fold, type Said } from '../../src/state/fold.ts';
import { HoldingsIndex } from '../../src/state/holdings.ts';
import { EMPTY_STATE, type State } from '../../src/state/state.ts';
import { ban, bansAt, heard, IP, millis, snapshot, tell, unban } from './said.ts';

const holdings = suite('holdings');

const STATE = heard(
  5,
  tell('start', 0, { jail: 'idle' }),
  ban(0, 600),
  ban(0, 600, { ip: '203.0.113.8', jail: 'web' }),
  unban(3, { ip: '203.0.113.9' }),
  ban(0, 600, { server: 'mail' }),
);

holdings('a server has its own claims, unbans and jails', () => {
  const { claims, tombstones, jails } = new HoldingsIndex(STATE).of('web1');

  assert.equal([claims, tombstones, [...jails.keys()].sort()], [2, 1, ['idle', 'sshd', 'web']]);
});

holdings('what an operator lifted of each of many servers makes no jails', () => {
  const lifts = Array.from({ length: 200 }, (_, index) =>
    unban(4, { server: OPERATOR, jail: EVERY_JAIL, of: `web${index}` }),
  );

  const { tombstones, jails } = new HoldingsIndex(heard(5, ...lifts)).of(OPERATOR);

  assert.equal([tombstones, jails.size], [200, 0]);
});

holdings('a server that was never heard of has nothing', () => {
  const { claims, tombstones, jails, has } = new HoldingsIndex(STATE).of('new');

  assert.equal([claims, tombstones, jails.size, has('sshd', netOf(IP))], [0, 0, 0, false]);
});

holdings('a claim is had in its jail, and an unban is none', () => {
  const { has } = new HoldingsIndex(STATE).of('web1');

  const had = [has('sshd', netOf(IP)), has('web', netOf(IP)), has('sshd', netOf('203.0.113.9'))];

  assert.equal(had, [true, false, false]);
});

holdings('what was accepted counts for what comes next, each address once', () => {
  const index = new HoldingsIndex(STATE);
  const words = [
    ban(6, 600),
    ban(6, 600, { ip: '203.0.113.20' }),
    ban(7, 600, { ip: '203.0.113.20' }),
    snapshot(7, [
      [IP, 0, 600],
      ['203.0.113.21', 0, 600],
    ]),
    unban(9, { ip: '203.0.113.22', jail: 'new' }),
    unban(9, { ip: '203.0.113.22', jail: 'new' }),
    unban(9),
  ];

  for (const { server, intent } of words) index.accept(server, intent);

  const { claims, tombstones, jails } = index.of('web1');
  assert.equal([claims, tombstones, jails.has('new')], [4, 2, true]);
});

holdings('what was heard of a jail last is its newest ban or its newest snapshot', () => {
  const newestOf = (...said: readonly Said[]): number | undefined =>
    new HoldingsIndex(heard(9, ...said)).of('web1').jails.get('sshd')?.newest;

  assert.is(newestOf(tell('start', 8)), -Infinity);
  assert.is(newestOf(ban(3, 600), ban(5, 60)), millis(5));
  assert.is(newestOf(ban(3, 600), snapshot(4, [])), millis(4));
  assert.is(newestOf(snapshot(4, []), ban(5, 600)), millis(5));
});

holdings('a snapshot that was accepted replaces what its jail had, older ones and other jails do not', () => {
  const index = new HoldingsIndex(STATE);
  const accept = ({ server, intent }: Said): void => {
    index.accept(server, intent);
  };
  const claimsOf = (jail: string): number | undefined => index.of('web1').jails.get(jail)?.claims;

  accept(ban(6, 600, { ip: '203.0.113.20' }));
  accept(snapshot(8, [['203.0.113.21', 0, 600]]));
  const replaced = [index.of('web1').claims, claimsOf('sshd'), claimsOf('web')];
  const { has } = index.of('web1');
  const stillHad = [IP, '203.0.113.20', '203.0.113.21'].map((ip) => has('sshd', netOf(ip)));
  accept(ban(9, 600));
  accept(snapshot(7, [['203.0.113.22', 0, 600]]));

  assert.equal(replaced, [2, 1, 1]);
  assert.equal(stillHad, [false, false, true]);
  assert.equal([index.of('web1').claims, claimsOf('sshd')], [4, 3]);
});

holdings('an unban of an address makes no room for a ban of it', () => {
  const index = new HoldingsIndex(STATE);
  const ip = '203.0.113.30';

  for (const { server, intent } of [unban(6, { ip }), ban(7, 600, { ip })]) index.accept(server, intent);

  const { claims, tombstones } = index.of('web1');
  assert.equal([claims, tombstones], [3, 2]);
});

holdings('no words that are taken leave more claims than the limit', () => {
  const policy = { ...EMPTY_POLICY, defaults: { ...DEFAULT_LIMITS, claims: LIMIT } };
  const taken = (state: State, words: readonly Said[]): readonly Said[] => {
    const index = new HoldingsIndex(state);
    return words.filter(({ server, intent }) => {
      if (reasonToRefuse(intent, server, { policy, holdings: index.of(server) }) !== undefined) return false;
      index.accept(server, intent);
      return true;
    });
  };

  fc.assert(
    fc.property(fc.array(fc.array(WORD, { maxLength: 12 }), { maxLength: 4 }), (passes) => {
      let state = EMPTY_STATE;
      for (const words of passes) state = fold(state, taken(state, words), millis(50));

      assert.ok(bansAt(state, 50).length <= LIMIT);
    }),
    { numRuns: 1_000 },
  );
});

const LIMIT = 3;

const address = fc.integer({ min: 1, max: 6 }).map((host) => `203.0.113.${host}`);
const where = fc.record({ ip: address, jail: fc.constantFrom('sshd', 'web') });
const at = fc.integer({ min: 0, max: 60 });

const WORD: fc.Arbitrary<Said> = fc.oneof(
  fc.tuple(at, where).map(([time, place]) => ban(time, 600, place)),
  fc.tuple(at, where).map(([time, place]) => unban(time, place)),
  fc.tuple(at, fc.uniqueArray(address, { maxLength: LIMIT + 1 }), where).map(([time, ips, { jail }]) =>
    snapshot(
      time,
      ips.map((ip) => [ip, time, 600]),
      { jail },
    ),
  ),
);

holdings.run();
