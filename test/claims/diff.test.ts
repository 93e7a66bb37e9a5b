import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { diffStates } from '../../src/claims/diff.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import { forgetPeers, hearPeers } from '../../src/claims/hear.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { WHOLE, ban, heard, IP, millis, snapshot, START, tell, then, unban } from './said.ts';

const diff = suite('diff');

function changes(before: State, after: State, at: number): readonly string[] {
  return diffStates(before, after, millis(at))
    .map((change) => {
      const who = `${change.server} ${change.jail} ${change.ip.text}`;
      return change.kind === 'ended'
        ? `ended ${who}: ${change.why}`
        : `${change.kind} ${who} until ${(change.until - START) / 1000}`;
    })
    .sort();
}

function after(before: State, at: number, ...said: readonly SentIntent[]): readonly string[] {
  return changes(before, then(before, at, ...said), at);
}

diff('a new ban is one', () => {
  assert.equal(after(EMPTY_STATE, 5, ban(0, 600), ban(0, Infinity, { server: 'mail' })), [
    `banned mail sshd ${IP} until Infinity`,
    `banned web1 sshd ${IP} until 600`,
  ]);
});

diff('a ban whose end moved is changed; one that was only said again is not', () => {
  const before = heard(5, ban(0, 600));

  assert.equal(after(before, 10, ban(6, 600)), [`changed web1 sshd ${IP} until 606`]);
  assert.equal(after(before, 10, ban(6, 600, { server: 'mail' }), ban(0, 600)), [
    `banned mail sshd ${IP} until 606`,
  ]);
  assert.equal(after(before, 10, ban(6, 100)), []);
});

diff('the end of a ban tells why', () => {
  const before = heard(5, ban(0, 600));

  assert.equal(after(before, 600), [`ended web1 sshd ${IP}: expired`]);
  assert.equal(after(before, 10, unban(9)), [`ended web1 sshd ${IP}: unbanned`]);
  assert.equal(after(before, 10, unban(9, { server: OPERATOR, jail: EVERY_JAIL })), [
    `ended web1 sshd ${IP}: lifted`,
  ]);
  assert.equal(after(before, 10, unban(9, { server: OPERATOR })), [`ended web1 sshd ${IP}: lifted`]);
  const own = heard(5, ban(0, 600, { server: OPERATOR }));
  assert.equal(after(own, 10, unban(9, { server: OPERATOR, jail: EVERY_JAIL })), [
    `ended ${OPERATOR} sshd ${IP}: lifted`,
  ]);
  assert.equal(after(before, 10, snapshot(9, [])), [`ended web1 sshd ${IP}: withdrawn`]);
  assert.equal(after(then(before, 6, tell('flush', 6)), 16), [`ended web1 sshd ${IP}: withdrawn`]);
  assert.equal(changes(before, EMPTY_STATE, 10), [`ended web1 sshd ${IP}: withdrawn`]);
});

diff('an unban of what was not banned, and its being forgotten, is no change of any ban', () => {
  const remembered = heard(5, unban(4));

  assert.equal(changes(EMPTY_STATE, remembered, 5), []);
  assert.equal(changes(remembered, then(remembered, 200_000), 200_000), []);
});

diff('what a jail as a whole says is no change of any ban', () => {
  assert.equal(after(heard(5, ban(0, 600)), 10, tell('start', 9, { ports: '22' }), tell('stop', 8)), []);
});

diff('two states that are the same do not differ', () => {
  const state = heard(5, ban(0, 600));

  assert.equal(changes(state, state, 5), []);
  assert.equal(changes(state, heard(5, ban(0, 600)), 5), []);
});

diff('a ban that a peer lifted ends once, and is one again when that is no peer any more', () => {
  const lift = {
    ip: netOf(IP),
    server: 'fw2/local',
    jail: 'sshd',
    bans: [],
    unbanned: millis(5),
    forget: millis(600),
  };
  const publication = { ...WHOLE, peer: 'fw2', sequence: 1, published: millis(5), claims: [], lifts: [lift] };
  const before = heard(5, ban(0, 600));

  const lifted = hearPeers(before, [publication], millis(6));
  const later = then(lifted, 7, ban(6, 600, { ip: '203.0.113.8' }));
  const alone = forgetPeers(later, () => false);

  assert.equal(changes(before, lifted, 6), [`ended web1 sshd ${IP}: lifted`]);
  assert.equal(changes(lifted, later, 7), ['banned web1 sshd 203.0.113.8 until 606']);
  assert.equal(changes(later, alone, 8), [`banned web1 sshd ${IP} until 600`]);
});

diff.run();
