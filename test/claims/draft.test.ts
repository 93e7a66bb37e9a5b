/** What a draft finds by its indexes is what a search of all claims would find, without one. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { claimKey, type Claim } from '../../src/claims/claim.ts';
import { Draft } from '../../src/claims/draft.ts';
import { fold, type SentIntent } from '../../src/claims/fold.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import type { ClaimTable } from '../../src/claims/table/claim-table.ts';
import { ban, heard, millis, snapshot, unban } from './said.ts';

const draft = suite('draft');

const NETS = ['203.0.113.7', '203.0.113.8', '198.51.100.7', '2001:db8::7'].map(netOf);
const SERVERS = ['web1', 'mail'];
const JAILS = ['sshd', 'web'];

/** A claim with up to three bans, heard within ten milliseconds. */
const anyClaim: fc.Arbitrary<Claim> = fc.record(
  {
    ip: fc.constantFrom(...NETS),
    server: fc.constantFrom(...SERVERS),
    jail: fc.constantFrom(...JAILS),
    bans: fc.array(
      fc.nat(9).map((moment) => ({ heard: moment, since: moment, until: 100 })),
      { maxLength: 3 },
    ),
  },
  { noNullPrototype: true },
);

type Step = { readonly put: Claim } | { readonly before: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: anyClaim.map((put) => ({ put })) },
  { weight: 1, arbitrary: fc.nat(10).map((before) => ({ before })) },
);

function keysOf(claims: Iterable<Claim>): readonly string[] {
  return Array.from(claims, (claim) => `${claimKey(claim)} ${JSON.stringify(claim.bans)}`).sort();
}

draft('each thing that a ban says beside its times is a change of its own', () => {
  const claim: Claim = {
    ip: netOf('203.0.113.7'),
    server: 'web1',
    jail: 'sshd',
    bans: [{ heard: 1, since: 1, until: 100 }],
    details: { said: 1, ports: '22', protocols: 'tcp', failures: 5, reason: 'invalid user' },
  };
  const base = new Draft(EMPTY_STATE, 0);
  base.putClaim(claim);
  const state = base.finish();
  const putting = (details: Partial<NonNullable<Claim['details']>>): State => {
    const changing = new Draft(state, 0);
    changing.putClaim({ ...claim, details: { said: 1, ...claim.details, ...details } });
    return changing.finish();
  };

  assert.ok(putting({}) === state);
  for (const details of [
    { said: 2 },
    { ports: '23' },
    { protocols: 'udp' },
    { failures: 6 },
    { reason: 'no user' },
  ]) {
    const [changed] = allClaims(putting(details));
    assert.equal(changed?.details, { ...claim.details, ...details });
  }
});

draft('what it finds, however much is put in between, is what a search of all claims finds', () => {
  fc.assert(
    fc.property(fc.array(anyClaim), fc.array(anyStep, { maxLength: 40 }), (claims, steps) => {
      const base = new Draft(EMPTY_STATE, 0);
      for (const claim of claims) base.putClaim(claim);
      const changing = new Draft(base.finish(), 0);

      for (const step of steps) {
        if ('put' in step) {
          changing.putClaim(step.put);
          continue;
        }
        const all = Array.from(allClaims(changing.finish()));
        for (const ip of NETS) {
          const there = all.filter((claim) => claim.ip.text === ip.text);
          assert.equal(keysOf(changing.claimsOn(ip)), keysOf(there));
        }
        for (const server of SERVERS) {
          const older = all.filter(
            (claim) =>
              claim.server === server &&
              claim.jail === 'sshd' &&
              claim.bans.some(({ heard: moment }) => moment < step.before),
          );
          assert.equal(keysOf(changing.claimsBefore(server, 'sshd', step.before)), keysOf(older));
        }
      }
    }),
    { numRuns: 500 },
  );
});

const CLAIMS = 2000;

/** Of one server, in one jail, and in one shard, as most IPv6 addresses are. */
const HELD = heard(100, ...times(CLAIMS, (index) => ban(50, 600, { ip: ipAt(index) })));

/** What one word may read of claims; a walk over all of them reads as many as there are. */
const FEW_READS = CLAIMS / 20;

function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function ipAt(index: number): string {
  return `10.0.${Math.floor(index / 250)}.${index % 250}`;
}

/** How much is read, to fold these, of the claims that stood before, and of the addresses of what became of them. */
function countReads(said: readonly SentIntent[]): number {
  let reads = 0;
  const watch = <T extends object>(value: T): T =>
    new Proxy(value, {
      get: (target, name) => {
        reads += 1;
        return Reflect.get(target, name) as unknown;
      },
    });
  const watchClaim = (claim: Claim): Claim => watch({ ...claim, ip: watch(claim.ip) });
  const watchEach = function* (claims: Iterable<Claim>): Generator<Claim, undefined> {
    for (const claim of claims) yield watchClaim(claim);
    return undefined;
  };
  const watchTable = (table: ClaimTable): ClaimTable =>
    new Proxy(table, {
      get: (target, name): unknown => {
        reads += 1;
        if (name === 'values') return () => watchEach(target.values());
        if (name === 'ofServer') return (server: string) => watchEach(target.ofServer(server));
        if (name === 'get')
          return (key: string) => {
            const claim = target.get(key);
            return claim && watchClaim(claim);
          };
        if (name === 'size') return target.size;
        if (name === 'with') return target.with.bind(target);
        throw new Error(`${String(name)} of all claims was read`);
      },
    });
  const shards = Array.from(HELD.shards, ([name, shard]) => {
    return [name, { ...shard, claims: watchTable(shard.claims) }] as const;
  });
  const watched: State = { ...HELD, shards: new Map(shards) };
  fold(watched, said, millis(100));
  return reads;
}

/** What each of a hundred more words reads; what is read once in a pass is not in it. */
function readsOfOneMore(word: (index: number) => SentIntent): number {
  return (countReads(times(150, word)) - countReads(times(50, word))) / 100;
}

draft('an unban of a server is not looked for among all its claims', () => {
  const reads = readsOfOneMore((index) => unban(60, { ip: ipAt(index) }));

  assert.ok(reads < FEW_READS, `${reads} reads`);
});

draft('nor is an unban of the operator', () => {
  const reads = readsOfOneMore((index) => unban(60, { ip: ipAt(index), server: OPERATOR, jail: EVERY_JAIL }));

  assert.ok(reads < FEW_READS, `${reads} reads`);
});

draft('a snapshot after another that ended all claims looks at none of them', () => {
  const reads = readsOfOneMore((index) => snapshot(60 + index / 1000, []));

  assert.ok(reads < FEW_READS, `${reads} reads`);
});

draft('nor does one that is older than they are', () => {
  const reads = readsOfOneMore((index) => snapshot(10 + index / 1000, []));

  assert.ok(reads < FEW_READS, `${reads} reads`);
});

draft('one that goes on to list a ban looks at that one', () => {
  const reads = readsOfOneMore((index) => snapshot(60 + index / 1000, [[ipAt(7), 50, 600]]));

  assert.ok(reads < FEW_READS, `${reads} reads`);
});

draft('finds the lifts of all operators, and of this firewall’s alone, before and after they are put', () => {
  const key = { ip: netOf('203.0.113.7'), jail: 'sshd' };
  const liftBy = (server: string, jail: string): Claim => ({
    ...{ ...key, server, jail, bans: [], unbanned: 1, forget: 100 },
  });
  const before = new Draft(EMPTY_STATE, 0);
  for (const claim of [liftBy(OPERATOR, EVERY_JAIL), liftBy('fw2/local', 'sshd@web1')])
    before.putClaim(claim);
  const after = new Draft(before.finish(), 0);
  after.putClaim(liftBy('fw3/local', 'sshd'));
  const shown = (found: readonly Claim[]): readonly string[] =>
    found.map(({ server, jail }) => `${server} ${jail}`).sort();

  const found = shown(after.liftsOn({ ...key, server: 'web1' }));

  assert.equal(found, ['fw2/local sshd@web1', 'fw3/local sshd', `${OPERATOR} *`]);
  assert.equal(shown(before.liftsOn({ ...key, server: 'mail' })), [`${OPERATOR} *`]);
  assert.equal(shown(after.liftsOn({ ...key, server: OPERATOR })), ['fw3/local sshd']);
  assert.equal(shown(after.ownLiftsOn({ ...key, server: 'web1' })), [`${OPERATOR} *`]);
  assert.equal(shown(before.ownLiftsOn({ ...key, server: 'web1' })), [`${OPERATOR} *`]);
  const others = new Draft(EMPTY_STATE, 0);
  others.putClaim(liftBy('fw2/local', 'sshd'));
  assert.equal(shown(others.ownLiftsOn({ ...key, server: 'web1' })), []);
  assert.equal(shown(others.liftsOn({ ...key, ip: netOf('198.51.100.7'), server: 'web1' })), []);
});

draft.run();
