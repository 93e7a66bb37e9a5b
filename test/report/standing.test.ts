import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EMPTY_POLICY, readPolicy } from '../../src/policy/policy.ts';
import { conclude, type Conclusion } from '../../src/desired/conclude.ts';
import { StandingCensus, type Standing } from '../../src/report/standing.ts';
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

test('tells as many as were asked for where all began in one second, and has them again a page later', () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    ban(1, 600, { ip: `${1 + (index % 3)}.0.0.${index}` }),
  );
  const state = heard(10, ...many);
  const [census, conclusion] = [new StandingCensus(), look(state, 10)];
  const ask = (most: number): readonly string[] =>
    inOne(census.count(conclusion, { state, now: millis(10), most })).newest.map(({ ip }) => ip);

  const first = ask(45);

  assert.is(new Set(first).size, 45);
  assert.equal(ask(45), first);
  assert.is(ask(5).length, 5);
  assert.is(new Set(ask(100)).size, 60);
});

test('lets others have a turn in the midst of a region', () => {
  const many = Array.from({ length: 2_500 }, (_, index) =>
    ban(index, 6_000, { ip: `203.0.${index >> 8}.${index & 255}` }),
  );
  const state = heard(2_600, ...many);
  const steps = new StandingCensus().count(look(state, 2_600), { state, now: millis(2_600), most: 2_000 });
  let slices = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) slices += 1;

  assert.ok(slices >= 8, String(slices));
  assert.is(step.value.newest.length, 2_000);
  assert.is(step.value.newest.at(-1)?.since, millis(500));
});

test('counts addresses as they are claimed, also where the policy drops a network for each', () => {
  const read = readPolicy('aggregate6: 64\n');
  if (read.kind === 'mistakes') throw new Error('a mistake');
  const state = heard(
    10,
    ban(1, 600, { ip: '2001:db8::7' }),
    ban(2, 600, { ip: '2001:db8::8', server: 'mail' }),
  );
  const conclusion = look(state, 10, { policy: read.policy });

  const standing = inOne(new StandingCensus().count(conclusion, { state, now: millis(10), most: 10 }));

  assert.equal(
    [standing.bans, standing.addresses, standing.newest.map(({ ip }) => ip)],
    [2, 2, ['2001:db8::8', '2001:db8::7']],
  );
});

test.run();
