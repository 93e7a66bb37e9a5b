import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_POLICY, readPolicy } from '../../src/policy/policy.ts';
import { conclude, type Conclusion } from '../../src/desired/conclude.ts';
import { neighbourhoodOf, StandingCensus, type Standing } from '../../src/report/standing.ts';
import type { State } from '../../src/claims/state.ts';
import { ban, heard, millis, then, unban } from '../claims/said.ts';
import { inOne } from './in-one.ts';

const test = suite('what stands');

function look(
  state: State,
  at: number,
  { policy = EMPTY_POLICY, before }: { policy?: typeof EMPTY_POLICY; before?: Conclusion } = {},
): Conclusion {
  return conclude(state, { policy, ownAddresses: [], now: millis(at) }, { before: before ?? undefined });
}

function count(state: State, at: number, most = 10): Standing {
  return inOne(new StandingCensus().count(look(state, at), { state, now: millis(at), most }));
}

const STATE = heard(
  10,
  ban(1, 600),
  ban(2, 900, { server: 'web2' }),
  ban(3, 600, { jail: 'recidive' }),
  ban(4, 600, { ip: '198.51.100.7' }),
  ban(5, Infinity, { ip: '2001:db8::7', server: 'mail' }),
);

test('counts bans, addresses, those of two servers, and the bans of each server', () => {
  const { bans, addresses, shared, byServer } = count(STATE, 10);

  assert.equal([bans, addresses, shared], [4, 3, 1]);
  assert.equal(Object.fromEntries(byServer), { web1: 3, web2: 1, mail: 1 });
});

test('tells the newest bans, each with all servers and the last end', () => {
  const { newest } = count(STATE, 10);

  assert.equal(newest[0], {
    ip: '2001:db8::7',
    jail: 'sshd',
    servers: ['mail'],
    since: millis(5),
    until: Infinity,
  });
  assert.equal(newest.at(-1), {
    ip: '203.0.113.7',
    jail: 'sshd',
    servers: ['web1', 'web2'],
    since: millis(2),
    until: millis(902),
  });
  assert.equal(
    count(STATE, 10, 2).newest.map(({ ip }) => ip),
    ['2001:db8::7', '198.51.100.7'],
  );
});

test('leaves out what the policy does not let count, and has what it denies', () => {
  const read = readPolicy('allow:\n  - { net: 203.0.113.0/24 }\ndeny:\n  - { net: 192.0.2.0/24 }\n');
  if (read.kind === 'mistakes') throw new Error('mistakes');
  const now = millis(10);
  const conclusion = look(STATE, 10, { policy: read.policy });

  const standing = inOne(new StandingCensus().count(conclusion, { state: STATE, now, most: 10 }));

  assert.equal([standing.bans, standing.addresses], [3, 3]);
  assert.equal(standing.newest.at(-1), {
    ip: '192.0.2.0/24',
    jail: 'policy',
    servers: ['policy'],
    since: undefined,
    until: Infinity,
  });
});

test('counts again only regions in which something changed', () => {
  const census = new StandingCensus();
  const first = look(STATE, 10);
  inOne(census.count(first, { state: STATE, now: millis(10), most: 1 }));
  const later = then(STATE, 20, unban(20, { ip: '198.51.100.7' }));
  const second = look(later, 20, { before: first });

  let slices = 0;
  const steps = census.count(second, { state: later, now: millis(20), most: 1 });
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) slices += 1;

  // One region, and the search for the newest ban.
  assert.is(slices, 2);
  assert.is(step.value.bans, 3);
});

test('tells the newest also where many of them are of one region, and leaves out what an operator lifted', () => {
  const many = Array.from({ length: 40 }, (_, index) => ban(index, 600, { ip: `203.0.113.${index}` }));
  const state = then(
    heard(50, ...many),
    51,
    unban(51, { server: 'local', jail: 'sshd', ip: '203.0.113.38' }),
  );

  const { newest, bans } = count(state, 52, 20);

  assert.is(bans, 39);
  assert.equal(
    newest.map(({ ip }) => Number(ip.split('.')[3])),
    [39, ...Array.from({ length: 19 }, (_, index) => 37 - index)],
  );
});

test('around an address is what is banned in its network', () => {
  const state = then(STATE, 11, ban(11, 600, { ip: '203.0.113.9' }), ban(11, 600, { ip: '203.0.114.9' }));
  const conclusion = look(state, 11);
  const at = { state, now: millis(11) };

  assert.equal(neighbourhoodOf({ ip: '203.0.113.7', jail: 'sshd' }, conclusion, at), {
    ...{ servers: ['web1', 'web2'], since: millis(2) },
    ...{ net: '203.0.113.0/24', inNet: 2 },
  });
  assert.is(neighbourhoodOf({ ip: '2001:db8::7', jail: 'sshd' }, conclusion, at).net, '2001:db8::/48');
  assert.equal(neighbourhoodOf({ ip: '192.0.2.0/23', jail: 'policy' }, conclusion, at), {
    ...{ servers: ['policy'], since: undefined, net: '192.0.2.0/23', inNet: 0 },
  });
});

test.run();
