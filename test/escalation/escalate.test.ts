import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ban, DAY, HOUR, snapshot, unban } from '../claims/said.ts';
import { escalated, passed, reasons, rules, SEEN_BY_TWO } from './rules.ts';

const test = suite('rules of escalation');

const web = (number: number, at: number, ip = '203.0.113.7') => ban(at, 600, { server: `web${number}`, ip });

test('ban what so many different servers began to ban within a time, from the moment of the last', () => {
  const policy = rules('name: three, servers: 3, within: 1h, ban: 1d');
  const two = passed(100, { policy }, web(1, 10), web(2, 20), web(1, 90), ban(95, 600, { jail: 'web' }));

  const three = passed(3610, { policy, state: two }, web(3, 3610));
  const late = passed(3611, { policy, state: two }, web(3, 3691));

  assert.equal([escalated(two), escalated(three)], [[], [`203.0.113.7 three 3610-${3610 + DAY}`]]);
  assert.equal(escalated(late), []);
  assert.equal(reasons(three), ['seen by web1, web2, web3']);
});

test('count what has ended, and go on until their own end when the bans that led to it end', () => {
  const policy = SEEN_BY_TWO;
  const first = passed(100, { policy }, ban(10, 60), unban(71));
  const second = passed(1000, { policy, state: first }, web(2, 1000));
  const ended = passed(2000, { policy, state: second }, unban(2000, { server: 'web2' }));

  assert.equal(escalated(ended), [`203.0.113.7 two 1000-${1000 + DAY}`]);
  assert.equal(escalated(passed(1000 + DAY, { policy, state: ended })), []);
});

test('are met anew by each ban that goes on, and the later end counts', () => {
  const policy = SEEN_BY_TWO;
  const state = passed(100, { policy }, web(1, 10), web(2, 20));

  const more = passed(700, { policy, state }, web(1, 700));
  const others = passed(700 + HOUR, { policy, state: more }, web(1, 700 + HOUR));

  assert.equal(escalated(more), [`203.0.113.7 two 700-${700 + DAY}`]);
  assert.equal(escalated(others), escalated(more));
});

test('count bans of one address that follow one another, and none that is told while another is in force', () => {
  const policy = rules('name: again, bans: 3, within: 7d, ban: 1w');
  const replays = [ban(1, 600), ban(1, 600), ban(30, 570), ban(2, 599), ban(300, 3600, { kind: 'prolong' })];
  const once = passed(400, { policy }, ...replays, snapshot(350, [['203.0.113.7', 1, 600]]));
  const twice = passed(1000, { policy, state: once }, unban(601), ban(1000, 600), ban(1000.7, 599));
  const third = passed(2 * DAY, { policy, state: twice }, ban(2 * DAY, 600, { server: 'web2' }));

  assert.equal([escalated(once), escalated(twice)], [[], []]);
  assert.equal(escalated(third), [`203.0.113.7 again ${2 * DAY}-${9 * DAY}`]);
  assert.equal(reasons(third), ['3 bans by web1, web2']);
});

test('count a ban again that its server unbanned before its end', () => {
  const policy = rules('name: again, bans: 2, within: 1d, ban: 1d');
  const unbanned = passed(100, { policy }, ban(1, Infinity), unban(50), ban(60, Infinity));
  const standing = passed(100, { policy }, ban(1, Infinity), ban(60, Infinity));

  assert.equal([escalated(unbanned), escalated(standing)], [[`203.0.113.7 again 60-${60 + DAY}`], []]);
});

test('ban the net of so many different addresses, of either family', () => {
  const policy = rules('name: net, addresses: 3, within: 1d, net4: 24, net6: 64, ban: 1d');
  const four = [1, 1, 2, 3].map((host, at) => web(at, at, `203.0.113.${host}`));
  const six = [1, 2, 3].map((host, at) => web(1, at, `2001:db8::${host}`));
  const apart = [1, 2, 3].map((host, at) => web(1, at, `198.51.${host}.7`));

  const state = passed(10, { policy }, ...four, ...six, ...apart, web(1, 5, '203.0.0.0/16'));

  assert.equal(escalated(state), [`2001:db8::/64 net 2-${2 + DAY}`, `203.0.113.0/24 net 3-${3 + DAY}`]);
  assert.equal(reasons(state), [
    '3 addresses (2001:db8::1, 2001:db8::2, 2001:db8::3) seen by web1',
    '3 addresses (203.0.113.1, 203.0.113.2, 203.0.113.3) seen by web0, web1, web2, web3',
  ]);
});

test('count the jails that they name, and nothing of operators, of peers, of what was adopted, or of themselves', () => {
  const policy = rules([
    'name: two, servers: 2, within: 1h, ban: 1d, jails: [sshd]',
    'name: net, addresses: 2, within: 1h, ban: 1d',
  ]);
  const others = ['local', 'adopted', 'fw2/web1'].map((server) => ban(10, 600, { server }));

  const state = passed(20, { policy }, web(1, 10), ...others, ban(10, 600, { server: 'web2', jail: 'web' }));
  const again = passed(30, { policy, state }, web(2, 25), web(2, 25, '203.0.113.99'));

  assert.equal([escalated(state), escalated(again).length], [[], 2]);
});

test('count neither what the limits of its server keep from being enforced, nor what was allowed when it began', () => {
  const limited = 'limits:\n  servers:\n    web2: { jails: [mail] }\n    web3: { prefix4: 32 }\n';
  const allowed = 'allow:\n  - { net: 203.0.113.7, until: 2026-11-22T13:31:00Z }\n';
  const two = 'name: two, servers: 2, within: 1h, ban: 1d';

  const byLimits = passed(
    20,
    { policy: rules(two, limited) },
    web(1, 1),
    web(2, 2),
    web(1, 1, '198.51.100.0/24'),
    web(3, 1, '198.51.100.0/24'),
  );
  const byAllow = passed(100, { policy: rules(two, allowed) }, web(1, 10), web(2, 70));
  const after = passed(100, { policy: rules(two, allowed) }, web(1, 61), web(2, 70));

  assert.equal([byLimits, byAllow, after].map(escalated), [[], [], [`203.0.113.7 two 70-${70 + DAY}`]]);
});

test('are lifted by an operator, and begin to count anew: of that address, of all of its net, or of one server', () => {
  const policy = rules([
    'name: two, servers: 2, within: 1h, ban: 1d',
    'name: net, addresses: 2, within: 1h, ban: 1d',
  ]);
  const lift = (ip: string, more = {}) => unban(50, { server: 'local', jail: '*', ip, ...more });
  const begun = [web(1, 10), web(2, 20), web(1, 30, '203.0.113.8')];
  const state = passed(40, { policy }, ...begun);
  const after = (...said: Parameters<typeof passed>[2][]) =>
    escalated(passed(100, { policy, state }, ...said)).map((text) => text.replace(/ \d.*/, ''));

  assert.equal(after(), ['203.0.113.0/24 net', '203.0.113.7 two']);
  assert.equal(after(lift('203.0.113.7')), ['203.0.113.0/24 net']);
  assert.equal(after(lift('203.0.113.7'), web(1, 60)), ['203.0.113.0/24 net']);
  assert.equal(after(lift('203.0.113.7'), web(1, 60), web(2, 70)), ['203.0.113.0/24 net', '203.0.113.7 two']);
  assert.equal(after(lift('203.0.113.0/24')), ['203.0.113.7 two']);
  assert.equal(after(lift('203.0.113.0/24'), web(1, 60)), ['203.0.113.7 two']);
  assert.equal(after(lift('203.0.113.0/24'), web(1, 60), web(1, 61, '203.0.113.8')).length, 2);
  assert.equal(after(lift('203.0.113.7', { jail: 'two' })), ['203.0.113.0/24 net']);
  assert.equal(
    escalated(passed(41, { policy, isStart: true }, ...begun, lift('203.0.113.7', { of: 'web2' }))),
    ['203.0.113.0/24 net 30-86430'],
  );
});

test('are held against all that is remembered where they are new, and ban nothing that would have ended', () => {
  const bans = [web(1, 10), web(2, 20)];
  const state = passed(HOUR, { policy: rules('name: other, bans: 9, within: 7d, ban: 1d') }, ...bans);

  const policy = SEEN_BY_TWO;
  const short = rules('name: two, servers: 2, within: 1h, ban: 10m');

  assert.equal(escalated(passed(2 * HOUR, { policy, state, isStart: true })), [
    `203.0.113.7 two 20-${20 + DAY}`,
  ]);
  assert.equal(escalated(passed(2 * HOUR, { policy: short, state, isStart: true })), []);
});

test('that nothing is new for leave the state as the same object', () => {
  const policy = SEEN_BY_TWO;
  const state = passed(100, { policy }, web(1, 10), web(2, 20));

  assert.is(passed(100, { policy, state }, web(1, 10), web(2, 20)), state);
  assert.is(passed(100, { policy, state, isStart: true }), state);
});

test('find a net among thousands that came at once as they find it one by one', () => {
  const policy = rules('name: net, addresses: 3, within: 1d, ban: 1d');
  const bans = Array.from({ length: 900 }, (_, index) => web(1, index, `203.0.${index % 100}.${index % 7}`));

  const atOnce = passed(1000, { policy }, ...bans);
  const each = bans.reduce(
    (state, said, index) => passed(index, { policy, state }, said),
    passed(0, { policy }),
  );

  assert.is(escalated(atOnce).length, 100);
  assert.equal(escalated(each), escalated(atOnce));
});

test.run();
