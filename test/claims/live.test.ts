import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearPeers, type Publication } from '../../src/claims/hear.ts';
import { liftedUntil, liftsOf, liveClaims } from '../../src/claims/live.ts';
import { allClaims, makeShard, type State } from '../../src/claims/state.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { ban, bansAt, heard, IP, millis, snapshot, tell, then, unban, WHOLE } from './said.ts';

const live = suite('claims that count now');

const scopes = (state: State, at: number): readonly string[] =>
  Array.from(liveClaims(state, millis(at)), ({ protocols, ports }) => `${protocols} ${ports}`);

live('last until the end of the longest ban, and began with the newest', () => {
  const state = heard(5, ban(0, 900), ban(2, 600));

  const [found] = liveClaims(state, millis(5));

  assert.equal([found?.since, found?.until], [millis(2), millis(900)]);
  assert.equal([bansAt(state, 899).length, bansAt(state, 900).length], [1, 0]);
});

live('are about what their ban said, unless the jail said another thing since', () => {
  const banned = heard(
    5,
    tell('start', 0, { ports: '22', protocols: 'udp' }),
    ban(2, 600, { ports: '2222' }),
  );

  assert.equal(scopes(banned, 5), ['udp 2222']);
  assert.equal(scopes(then(banned, 6, tell('reload', 6, { ports: '80', protocols: 'tcp' })), 6), ['tcp 80']);
  assert.equal(scopes(heard(5, ban(0, 600)), 5), ['tcp all']);
});

live('are none that an operator lifted since they began, be they of a server or of all', () => {
  const lift = unban(3, { server: OPERATOR, jail: EVERY_JAIL, of: 'web1' });
  const state = heard(4, ban(0, 600), ban(0, 600, { server: 'mail' }), lift);

  assert.equal(bansAt(state, 4), [`mail sshd ${IP} until 600`]);
  const [web1, mail] = ['web1', 'mail'].map((server) => ({ ip: netOf(IP), server, jail: 'sshd', bans: [] }));
  assert.equal(
    [web1, mail].map((claim) => claim && liftedUntil(claim, state)),
    [millis(3), -Infinity],
  );
  assert.equal(bansAt(then(state, 5, ban(5, 600)), 5).length, 2);
});

live('are none that an operator lifted, also where a snapshot of the server goes on to list them', () => {
  const lifted = heard(4, ban(0, 600), unban(3, { server: OPERATOR }));

  const listed = then(lifted, 5, snapshot(5, [[IP, 0, 600]]));

  assert.ok(Array.from(allClaims(listed)).some(({ server, bans }) => server === 'web1' && bans.length === 1));
  assert.equal(bansAt(listed, 5), []);
});

/** What fw2 tells at that moment. */
function told(state: State, at: number, lines: Pick<Publication, 'claims' | 'lifts'>): State {
  return hearPeers(
    state,
    [{ ...WHOLE, peer: 'fw2', sequence: 1, published: millis(at), ...lines }],
    millis(at),
  );
}

live('are none that a peer’s operator lifted, but what he claims himself', () => {
  const bans = [{ heard: millis(0), since: millis(0), until: millis(600) }];
  const key = { ip: netOf(IP), jail: 'sshd' };
  const claims = [{ ...key, server: 'fw2/local', bans }];
  const lift = {
    ...key,
    server: 'fw2/local',
    jail: EVERY_JAIL,
    bans: [],
    unbanned: millis(3),
    forget: millis(600),
  };

  const state = told(heard(1, ban(0, 600), ban(0, 600, { server: OPERATOR })), 4, { claims, lifts: [lift] });

  const shard = state.shards.get('ipv4/203') ?? makeShard(new Map());
  const lifts = ['web1', OPERATOR, 'fw2/local'].map((server) => liftsOf({ ...key, server }, shard).length);
  assert.equal(bansAt(state, 4), [`fw2/local sshd ${IP} until 600`]);
  assert.equal(lifts, [1, 1, 1]);
  assert.equal(liftsOf({ ...key, server: 'web1', ip: netOf('203.0.113.8') }, shard), []);
});

live('of a peer say when it was last heard, and those of others do not', () => {
  const bans = [{ heard: millis(0), since: millis(0), until: Infinity }];
  const claims = [{ ip: netOf(IP), server: 'fw2/web1', jail: 'sshd', bans }];
  const state = told(heard(1, ban(0, 600)), 4, { claims, lifts: [] });

  const heardAt = Array.from(liveClaims(state, millis(5)), ({ server, peerHeard }) => [server, peerHeard]);
  const unknown = Array.from(liveClaims({ ...state, peers: new Map() }, millis(5)));

  assert.equal(heardAt.sort(), [
    ['fw2/web1', millis(4)],
    ['web1', undefined],
  ]);
  assert.not.ok(unknown.some((claim) => 'peerHeard' in claim));
});

live.run();
