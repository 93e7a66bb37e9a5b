import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/net/net.ts';
import { HoldingsIndex } from '../../src/state/holdings.ts';
import { ban, heard, IP, snapshot, tell, unban } from './said.ts';

const holdings = suite('holdings');

const STATE = heard(
  5,
  tell('start', 0, { jail: 'idle' }),
  ban(0, 600),
  ban(0, 600, { ip: '203.0.113.8', jail: 'web' }),
  unban(3, { ip: '203.0.113.9' }),
  ban(0, 600, { server: 'mail' }),
);

holdings('a server has its own claims, unbans and jails', () => {
  const { claims, tombstones, jails } = new HoldingsIndex(STATE).of('web1');

  assert.equal([claims, tombstones, [...jails].sort()], [2, 1, ['idle', 'sshd', 'web']]);
});

holdings('a server that was never heard of has nothing', () => {
  const { claims, tombstones, jails, has } = new HoldingsIndex(STATE).of('new');

  assert.equal([claims, tombstones, jails.size, has('sshd', netOf(IP))], [0, 0, 0, false]);
});

holdings('a claim is had in its jail, and an unban is none', () => {
  const { has } = new HoldingsIndex(STATE).of('web1');

  const had = [has('sshd', netOf(IP)), has('web', netOf(IP)), has('sshd', netOf('203.0.113.9'))];

  assert.equal(had, [true, false, false]);
});

holdings('what was accepted counts for what comes next, each address once', () => {
  const index = new HoldingsIndex(STATE);
  const words = [
    ban(6, 600),
    ban(6, 600, { ip: '203.0.113.20' }),
    ban(7, 600, { ip: '203.0.113.20' }),
    snapshot(8, [
      [IP, 0, 600],
      ['203.0.113.21', 0, 600],
    ]),
    unban(9, { ip: '203.0.113.22', jail: 'new' }),
    unban(9, { ip: '203.0.113.22', jail: 'new' }),
    unban(9),
  ];

  for (const { server, intent } of words) index.accept(server, intent);

  const { claims, tombstones, jails } = index.of('web1');
  assert.equal([claims, tombstones, jails.has('new')], [4, 2, true]);
});

holdings.run();
