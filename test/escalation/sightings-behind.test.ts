import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sightingsBehind } from '../../src/escalation/sightings-behind.ts';
import { netOf } from '../../src/domain/net.ts';
import { ban, millis } from '../claims/said.ts';
import { passed, rules } from './rules.ts';

const test = suite('the bans that led to a ban by a rule');

test('are those that it counted in its time, of the address or of all of its net, and of no other claim', () => {
  const policy = rules([
    'name: two, servers: 2, within: 1m, ban: 1d',
    'name: net, addresses: 2, within: 1h, ban: 1d',
  ]);
  const said = [
    ...[ban(5, 60), ban(90, 60), ban(100, 60, { server: 'web2' }), ban(130, 60)],
    ban(110, 60, { server: 'web2', ip: '203.0.113.8' }),
  ];
  const state = passed(120, { policy }, ...said);
  const behind = (
    text: string,
    jail: string,
    more: { at?: number; server?: string; of?: typeof policy } = {},
  ) =>
    sightingsBehind(
      { ip: netOf(text), server: more.server ?? 'escalation', jail, since: millis(more.at ?? 110) },
      { state, policy: more.of ?? policy },
    ).map(({ ip, server, since }) => `${ip} ${server} ${(since - millis(0)) / 1000}`);

  assert.equal(behind('203.0.113.7', 'two'), ['203.0.113.7 web1 90', '203.0.113.7 web2 100']);
  assert.equal(
    behind('203.0.113.0/24', 'net').map((text) => text.split(' ').at(-1)),
    ['5', '90', '100', '110'],
  );
  assert.equal(behind('203.0.113.9', 'two'), []);
  assert.equal(behind('198.51.100.7', 'two'), []);
  assert.equal([behind('203.0.113.7', 'two', { server: 'web1' }), behind('203.0.113.7', 'gone')], [[], []]);
});

test.run();
