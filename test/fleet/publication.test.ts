import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Claim } from '../../src/claims/claim.ts';
import { splitShard } from '../../src/claims/split.ts';
import { makeShard, type Shard, type State } from '../../src/claims/state.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { liftsIn, linesOf, withEnds, type Lines } from '../../src/fleet/publication.ts';
import { PUBLISH_ALL } from '../../src/policy/peer-policy.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { ban, DAY, heard, IP, millis, snapshot, START, tell, then, unban } from '../claims/said.ts';

const publication = suite('what peers are told of a shard');

const SHARD = 'ipv4/203';

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

interface Situation {
  readonly before?: Lines;
  readonly policy?: string;
}

function ownShard(state: State): Shard | undefined {
  const shard = state.shards.get(SHARD);
  return shard && splitShard(shard).own;
}

function told(state: State, at: number, { before, policy = '{}' }: Situation = {}): Lines {
  const grounds = { policy: policyOf(policy), ownAddresses: [], now: millis(at) };
  return withEnds(linesOf(SHARD, ownShard(state), { state, grounds }), before ?? new Map(), grounds.now);
}

const seconds = (time: number | undefined): number => ((time ?? NaN) - START) / 1000;

/** `web1 sshd 203.0.113.7 0-600`, or what ends one: `web1 sshd 203.0.113.7 forgotten at 600`. */
function shown(lines: Lines): readonly string[] {
  return Array.from(lines.values(), ({ ip, server, jail, bans, forget }: Claim) => {
    const ends = bans.map(({ since, until }) => ` ${seconds(since)}-${seconds(until)}`).join('');
    const memory = forget === undefined ? '' : ` forgotten at ${seconds(forget)}`;
    return `${server} ${jail} ${ip.text}${ends}${memory}`;
  }).sort();
}

publication('is each ban that is enforced here, with the traffic that it is about', () => {
  const state = heard(
    5,
    tell('start', 0, { ports: '22', protocols: 'udp' }),
    ban(1, 600, { failures: 5, reason: 'many' }),
    ban(2, 600, { server: OPERATOR, jail: 'manual' }),
  );

  const lines = told(state, 5);

  assert.equal(shown(lines), [`local manual ${IP} 2-602`, `web1 sshd ${IP} 1-601`]);
  assert.equal(lines.get(`${IP} web1 sshd`)?.details, {
    ...{ said: millis(1), ports: '22', protocols: 'udp', failures: 5, reason: 'many' },
  });
  assert.equal(lines.get(`${IP} local manual`)?.details, { said: millis(2), ports: 'all', protocols: 'tcp' });
});

publication('is no ban that the policy here does not enforce, and none for longer than that', () => {
  const state = heard(5, ban(0, 600), ban(0, 600, { ip: '203.0.113.8', server: 'mail' }));

  const allowed = told(state, 5, { policy: 'allow:\n  - { net: 203.0.113.8 }\n' });
  const limited = told(state, 5, {
    policy: 'limits: { default: { bantime: 100 }, servers: { mail: { jails: [web] } } }\n',
  });

  assert.equal(shown(allowed), [`web1 sshd ${IP} 0-600`]);
  assert.equal(shown(limited), [`web1 sshd ${IP} 0-100`]);
});

publication('is no ban that has ended, where a longer one is left', () => {
  const state = heard(5, ban(0, 900), ban(2, 300));

  assert.equal(shown(told(state, 301)), [`web1 sshd ${IP} 2-302 0-900`]);
  assert.equal(shown(told(state, 302)), [`web1 sshd ${IP} 0-900`]);
});

publication('is of the jails and servers that the policy publishes', () => {
  const state = heard(5, ban(0, 600), ban(0, 600, { jail: 'web' }), ban(0, 600, { server: 'mail' }));

  assert.equal(shown(told(state, 5, { policy: 'publish: { jails: [web] }\n' })), [`web1 web ${IP} 0-600`]);
  assert.equal(shown(told(state, 5, { policy: 'publish: { servers: [mail] }\n' })), [
    `mail sshd ${IP} 0-600`,
  ]);
  assert.is(told(state, 5, { policy: 'publish: { jails: [], servers: [] }\n' }).size, 0);
});

publication('is nothing that the operator lifted, and of several bans those that he left', () => {
  const lifted = heard(3, ban(0, 900), unban(2, { server: OPERATOR, jail: EVERY_JAIL }));
  // fail2ban goes on to list what it heard no unban of.
  const state = then(lifted, 5, snapshot(3, [[IP, 0, 900]]), ban(4, 600));

  assert.equal(shown(told(state, 5)), [`web1 sshd ${IP} 4-604`]);
  assert.is(told(then(state, 6, unban(5, { server: OPERATOR })), 6).size, 0);
});

publication('ends a ban that ended before its time, until it would have ended, and no longer', () => {
  const banned = heard(5, ban(0, 600), ban(0, 60, { jail: 'web' }));
  const first = told(banned, 5);

  const second = told(then(banned, 61, unban(60)), 61, { before: first });
  const third = told(then(banned, 599, unban(60)), 599, { before: second });
  const last = told(then(banned, 600, unban(60)), 600, { before: third });

  assert.equal(shown(second), [`web1 sshd ${IP} forgotten at 600`]);
  assert.equal(shown(third), shown(second));
  assert.equal(shown(last), []);
});

publication('ends also what is not enforced any more, or stands in a shard that is gone', () => {
  const state = heard(5, ban(0, 600));
  const before = told(state, 5);
  const grounds = { policy: policyOf('{}'), ownAddresses: [], now: millis(6) };

  const allowed = told(state, 6, { before, policy: 'allow:\n  - { net: 203.0.113.0/24 }\n' });
  const gone = withEnds(linesOf(SHARD, undefined, { state, grounds }), before, grounds.now);

  assert.equal(
    [shown(allowed), shown(gone)],
    [[`web1 sshd ${IP} forgotten at 600`], [`web1 sshd ${IP} forgotten at 600`]],
  );
});

publication('ends a ban that was told to be longer, once its shorter one has ended', () => {
  const first = told(heard(5, ban(0, 900)), 5);
  const state = heard(20, unban(10), ban(15, 300));

  const shorter = told(state, 20, { before: first });
  const ended = told(then(state, 316), 316, { before: shorter });
  const over = told(then(state, 900), 900, { before: ended });

  assert.equal(shown(shorter), [`web1 sshd ${IP} 15-315 forgotten at 900`]);
  assert.ok((shorter.get(`${IP} web1 sshd`)?.unbanned ?? NaN) < millis(15));
  assert.equal(shown(ended), [`web1 sshd ${IP} forgotten at 900`]);
  assert.equal(shown(over), []);
});

publication('ends a ban without an end for a year, however often it is told', () => {
  const banned = heard(5, ban(0, Infinity));
  const first = told(banned, 5);
  const ended = told(then(banned, 11, unban(10)), 11, { before: first });
  const shorter = told(heard(20, unban(10), ban(15, 300)), 20, { before: first });

  const year = 365 * DAY;
  assert.equal(shown(first), [`web1 sshd ${IP} 0-Infinity`]);
  assert.equal(shown(ended), [`web1 sshd ${IP} forgotten at ${year + 11}`]);
  assert.equal(shown(told(heard(99), 99, { before: ended })), shown(ended));
  assert.equal(shown(shorter), [`web1 sshd ${IP} 15-315 forgotten at ${year + 20}`]);
  assert.is(told(heard(year + 11), year + 11, { before: ended }).size, 0);
});

publication('is told anew where it is banned again after its end', () => {
  const banned = heard(5, ban(0, 600));
  const ended = told(then(banned, 11, unban(10)), 11, { before: told(banned, 5) });

  const again = told(heard(21, unban(10), ban(20, 900)), 21, { before: ended });

  assert.equal(shown(again), [`web1 sshd ${IP} 20-920`]);
});

const lifting = suite('what peers are told to lift');

lifting('is what the operator unbanned, without what he bans', () => {
  const state = heard(
    5,
    unban(1),
    unban(2, { server: OPERATOR, jail: EVERY_JAIL, of: 'web1' }),
    unban(2, { server: OPERATOR }),
    ban(3, 600, { server: OPERATOR }),
    ban(3, 600, { server: OPERATOR, jail: 'web' }),
  );

  const lifts = liftsIn(ownShard(state) ?? makeShard(new Map()), PUBLISH_ALL);

  assert.equal(
    Array.from(lifts.values(), ({ server, jail, bans, unbanned }) => [server, jail, bans, seconds(unbanned)]),
    [
      [OPERATOR, '*@web1', [], 2],
      [OPERATOR, 'sshd', [], 2],
    ],
  );
});

lifting('is nothing where the policy says so', () => {
  const shard = ownShard(heard(5, unban(2, { server: OPERATOR }))) ?? makeShard(new Map());

  assert.is(liftsIn(shard, PUBLISH_ALL).size, 1);
  assert.is(liftsIn(shard, { ...PUBLISH_ALL, lifts: false }).size, 0);
});

publication.run();
lifting.run();
