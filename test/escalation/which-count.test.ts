import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allSeen } from '../../src/claims/seen/seen-tree.ts';
import { sightingsFor } from '../../src/escalation/which-count.ts';
import { netOf } from '../../src/domain/net.ts';
import { ban, START, unban } from '../claims/said.ts';
import { passed, rules } from './rules.ts';

const test = suite('sightings that count');

const RULE = 'name: two, servers: 2, within: 1h, ban: 1d';

test('are of the jails of the rule, within the limits of their server, and not allowed or lifted', () => {
  const policy = rules(
    `${RULE}, jails: [sshd, web]`,
    'allow:\n  - { net: 203.0.113.7, until: 2026-11-22T13:30:20Z }\nlimits:\n  servers:\n    web2: { jails: [web] }\n',
  );
  const bans = [10, 21, 41].map((at) => ban(at, 5));
  const state = passed(
    100,
    { policy },
    ...[...bans, ban(30, 5, { jail: 'mail' }), ban(30, 5, { server: 'web2' }), unban(43)],
    ...[ban(31, 5, { server: 'web2', jail: 'web' }), unban(33, { server: 'local', jail: '*@web1' })],
  );
  const region = state.seen.get('ipv4/203');
  const [rule] = policy.escalate;
  if (rule === undefined || region === undefined) throw new Error('nothing was seen');
  const target = { ip: netOf('203.0.113.7'), seen: Array.from(allSeen(region.tree)) };

  const found = sightingsFor(rule, target, { state, policy });

  assert.equal(
    found.map(({ server, jail, since, end }) => `${server} ${jail} ${since - START}-${end - START}`).sort(),
    ['web1 sshd 41000-43000', 'web2 web 31000-36000'],
  );
});

test.run();
