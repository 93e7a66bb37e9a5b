import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Claim } from '../../src/claims/claim.ts';
import { forgetPeers, hearPeers, type Publication } from '../../src/claims/hear.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { ban, bansAt, DAY, heard, HOUR, IP, millis, then, unban, WHOLE } from './said.ts';

const hearing = suite('what peers published');

interface Line {
  readonly server?: string;
  readonly jail?: string;
  readonly ip?: string;
}

/** A ban that a peer tells of, of so many seconds. */
function told(
  since: number,
  seconds: number,
  { server = 'fw2/web1', jail = 'sshd', ip = IP }: Line = {},
): Claim {
  const [from, until] = [millis(since), millis(since) + seconds * 1000];
  return { ip: netOf(ip), server, jail, bans: [{ heard: from, since: from, until }] };
}

/** What ends a claim. */
function end({ server = 'fw2/web1', jail = 'sshd', ip = IP }: Line = {}): Claim {
  return { ip: netOf(ip), server, jail, bans: [] };
}

function lift(
  at: number,
  { server = 'fw2/local', jail = EVERY_JAIL, ip = IP }: Line = {},
  forget = at + 10,
): Claim {
  return { ...end({ server, jail, ip }), unbanned: millis(at), forget: millis(forget) };
}

/** The state after the peer said this. */
function hear(state: State, at: number, { claims = [], lifts = [], ...rest }: Partial<Publication>): State {
  const head = { ...WHOLE, peer: 'fw2', sequence: at, published: millis(at) };
  return hearPeers(state, [{ ...head, ...rest, claims, lifts }], millis(at));
}

const keys = (state: State): readonly string[] =>
  Array.from(allClaims(state), ({ ip, server, jail }) => `${ip.text} ${server} ${jail}`).sort();

hearing('is what counts, as the newest of them says, beside what servers here claim', () => {
  const first = hear(heard(1, ban(0, 900)), 2, { claims: [told(0, 600), told(0, 60, { jail: 'web' })] });
  const second = hear(first, 3, { claims: [told(0, 300)] });

  assert.equal(bansAt(first, 2), [
    `fw2/web1 sshd ${IP} until 600`,
    `fw2/web1 web ${IP} until 60`,
    `web1 sshd ${IP} until 900`,
  ]);
  assert.equal(bansAt(second, 3), [
    `fw2/web1 sshd ${IP} until 300`,
    `fw2/web1 web ${IP} until 60`,
    `web1 sshd ${IP} until 900`,
  ]);
});

hearing('ends a claim by a line without bans, and by nothing that it does not say', () => {
  const banned = hear(EMPTY_STATE, 2, { claims: [told(0, 600), told(0, 600, { server: 'fw2/web2' })] });

  const silent = hear(banned, 3, {});
  const ended = hear(silent, 4, { claims: [end()] });

  assert.equal(bansAt(silent, 3).length, 2);
  assert.equal(keys(ended), [`${IP} fw2/web2 sshd`]);
});

hearing('ends nothing that was never claimed, and then the state is the same', () => {
  const state = hear(EMPTY_STATE, 2, { claims: [told(0, 600)] });

  assert.is(hear(state, 3, { claims: [end({ server: 'fw2/web2' })] }), state);
  assert.is(hear(state, 3, { claims: [told(0, 600)] }), state);
  assert.is(hearPeers(state, [], millis(700)), state);
});

hearing('ends by its own time too, as all claims do', () => {
  const state = hear(EMPTY_STATE, 2, { claims: [told(0, 600), told(-60, 30, { jail: 'web' })] });

  assert.equal(keys(state), [`${IP} fw2/web1 sshd`]);
  assert.equal(keys(hear(state, 601, {})), []);
});

hearing('lifts what began before, of any server here or there, and nothing that began since', () => {
  const banned = hear(heard(1, ban(0, 900), ban(0, 900, { server: OPERATOR })), 2, {
    claims: [told(0, 600), told(0, 600, { server: 'fw3/web1' })],
  });

  const lifted = hear(banned, 4, { lifts: [lift(3)] });
  const again = hear(then(lifted, 6, ban(5, 600)), 7, { claims: [told(6, 600, { server: 'fw3/web1' })] });

  assert.equal(bansAt(lifted, 4), []);
  assert.equal(bansAt(again, 7), [`fw3/web1 sshd ${IP} until 606`, `web1 sshd ${IP} until 605`]);
});

hearing(
  'is remembered as a lift until all that it lifted has ended, though the peer forgets it before',
  () => {
    const banned = heard(1, ban(0, HOUR));

    const lifted = hear(banned, 4, { lifts: [lift(3, {}, 20)] });
    const later = then(lifted, HOUR - 1);

    assert.equal([bansAt(lifted, 4), bansAt(later, HOUR - 1)], [[], []]);
    assert.equal(keys(lifted), [`${IP} fw2/local *`, `${IP} web1 sshd`]);
    assert.equal(keys(then(lifted, HOUR)), []);
  },
);

hearing('makes no lift last for what it does not lift: of another jail, begun since, or his own', () => {
  const here = heard(6, ban(5, HOUR), ban(0, HOUR, { jail: 'web' }), ban(0, HOUR, { ip: '203.0.113.8' }));
  const banned = hear(here, 6, { claims: [told(0, HOUR, { server: 'fw2/local', ip: '203.0.113.9' })] });

  const lifts = [lift(3, { jail: 'sshd' }, 20), lift(3, { ip: '203.0.113.9' }, 20)];
  const lifted = hear(banned, 7, { lifts });

  assert.equal(keys(then(lifted, 21)), [
    `${IP} web1 sshd`,
    `${IP} web1 web`,
    '203.0.113.8 web1 sshd',
    '203.0.113.9 fw2/local sshd',
  ]);
});

hearing('makes a lift that came before it last until it ends, an operator’s here or a peer’s', () => {
  const lifts = {
    here: heard(4, unban(3, { server: OPERATOR, jail: EVERY_JAIL })),
    'of a peer': hear(EMPTY_STATE, 4, { peer: 'fw3', lifts: [lift(3, { server: 'fw3/local' }, 20)] }),
  };

  for (const [whose, lifted] of Object.entries(lifts)) {
    const banned = hear(lifted, 5, { claims: [told(0, 3 * DAY)] });
    const later = then(banned, 2 * DAY);

    assert.equal([bansAt(banned, 5), bansAt(later, 2 * DAY)], [[], []], whose);
    assert.equal(keys(then(later, 3 * DAY)), [], whose);
  }
});

hearing('leaves a lift that stands in the line of a claim', () => {
  const lifted = hear(heard(1, ban(0, 600)), 4, { lifts: [lift(3, { jail: 'sshd' })] });
  const line = { server: 'fw2/local', jail: 'sshd' };

  const banned = hear(lifted, 5, { claims: [told(4, 60, line)] });
  const ended = hear(banned, 6, { claims: [end(line)] });

  assert.equal(bansAt(banned, 5), [`fw2/local sshd ${IP} until 64`]);
  assert.equal(bansAt(ended, 6), []);
  assert.equal(keys(ended), [`${IP} fw2/local sshd`, `${IP} web1 sshd`]);
});

hearing('leaves a claim of the operator, with what it said, that stands in the line of a lift', () => {
  const line = { server: 'fw2/local', jail: 'sshd' };
  const details = { said: millis(0), ports: '22' };
  const banned = hear(EMPTY_STATE, 2, { claims: [{ ...told(0, 600, line), details }] });

  const lifted = hear(banned, 4, { lifts: [lift(3, line)] });

  assert.equal(bansAt(lifted, 4), [`fw2/local sshd ${IP} until 600`]);
  assert.equal(Array.from(allClaims(lifted))[0]?.details, details);
});

hearing(
  'is kept with its sequence where it changed something, or an hour after the last that was kept',
  () => {
    const known = (state: State): unknown => state.peers.get('fw2')?.sequence;
    const first = hear(EMPTY_STATE, 1, {});
    const silent = hear(first, HOUR, {});
    const changed = hear(silent, HOUR, { claims: [told(0, 2 * HOUR)] });
    const alive = hear(changed, 2 * HOUR - 1, {});

    assert.equal([first, silent, changed].map(known), [1, 1, HOUR]);
    assert.is(silent, first);
    assert.is(known(alive), HOUR);
    assert.is(known(hear(changed, 2 * HOUR, {})), 2 * HOUR);
  },
);

hearing('is kept so often that a ban until unbanned lasts while the peer is heard', () => {
  const bantime = (HOUR / 2) * 1000;
  let state = hear(EMPTY_STATE, 0, { bantime, claims: [told(0, Infinity)] });
  const ages: number[] = [];

  // So often a peer publishes that has nothing to say.
  for (let at = 600; at <= 3 * HOUR; at += 600) {
    state = hear(state, at, { bantime });
    ages.push((millis(at) - (state.peers.get('fw2')?.published ?? 0)) / 1000);
  }

  assert.ok(Math.max(...ages) + 600 < bantime / 1000, ages.join());
  assert.is(ages.filter((age) => age === 0).length, 9);
});

const forgetting = suite('a peer that is none any more');

forgetting('leaves nothing: no claim, no lift, and not what was heard', () => {
  const both = hear(hear(heard(1, ban(0, 600)), 2, { claims: [told(0, 600)], lifts: [lift(1)] }), 3, {
    ...{ peer: 'fw3', claims: [told(0, 600, { server: 'fw3/web1', ip: '198.51.100.7' })] },
  });

  const left = forgetPeers(both, (name) => name === 'fw3');
  const alone = forgetPeers(left, () => false);

  assert.equal(bansAt(both, 3), ['fw3/web1 sshd 198.51.100.7 until 600']);
  assert.equal(bansAt(left, 3), ['fw3/web1 sshd 198.51.100.7 until 600', `web1 sshd ${IP} until 600`]);
  assert.equal([...left.peers.keys()], ['fw3']);
  assert.is(left.shards.get('ipv4/198'), both.shards.get('ipv4/198'));
  assert.equal([keys(alone), alone.shards.size, alone.peers.size], [[`${IP} web1 sshd`], 1, 0]);
});

forgetting('is looked for in what was heard: where all are peers, the state is the same', () => {
  const state = hear(EMPTY_STATE, 2, { claims: [told(0, 600)] });

  assert.is(
    forgetPeers(state, () => true),
    state,
  );
  assert.is(
    forgetPeers(EMPTY_STATE, () => false),
    EMPTY_STATE,
  );
});

hearing.run();
forgetting.run();
