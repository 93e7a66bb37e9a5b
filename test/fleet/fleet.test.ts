import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SentIntent } from '../../src/claims/fold.ts';
import { hearPeers } from '../../src/claims/hear.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { readConfig } from '../../src/config/config.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { encodeContact } from '../../src/fleet/contact.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { DEFAULT_PEER_LIMITS, type PeerPolicy } from '../../src/policy/peer-policy.ts';
import { EMPTY_POLICY, type Policy } from '../../src/policy/policy.ts';
import { ban, bansAt, DAY, heard, HOUR, IP, millis, START, unban, WHOLE } from '../claims/said.ts';
import { configOf, filesOf, keyOf, openMemoryFleet, signingRun } from '../support/fleet-of-memory.ts';

const DAY_MS = DAY * 1000;

const fleets = suite('a firewall of a fleet');

/** A fleet of nobody else's files. */
function open(isMember = true): Fleet {
  const read = readConfig('{}\n');
  if (read.kind === 'mistakes') throw new Error('the config is one');
  const config = isMember ? configOf('fw1') : read.config;
  return new Fleet({ config, files: filesOf(new Map()), run: signingRun(keyOf('fw1')) });
}

/** With peers whose bans may last so long, in milliseconds. */
function policyOf(...bantimes: readonly number[]): Policy {
  const { key } = keyOf('fw2');
  const peers = bantimes.map((bantime, index) => {
    return [`fw${index + 2}`, { ...DEFAULT_PEER_LIMITS, key, bantime }] as const;
  });
  return { ...EMPTY_POLICY, peers: new Map(peers) };
}

/** With other limits of all peers. */
function withLimits(policy: Policy, limits: Partial<PeerPolicy>): Policy {
  return {
    ...policy,
    peers: new Map(Array.from(policy.peers, ([name, peer]) => [name, { ...peer, ...limits }])),
  };
}

/** What fw2 and the servers here claim. */
function claimed(): State {
  const bans = [{ heard: millis(0), since: millis(0), until: millis(600) }];
  const claims = [{ ip: netOf(IP), server: 'fw2/web1', jail: 'sshd', bans }];
  const publication = { ...WHOLE, peer: 'fw2', sequence: 1, published: millis(1), claims, lifts: [] };
  return hearPeers(heard(1, ban(0, 600)), [publication], millis(1));
}

fleets(
  'remembers an unban for as long as a peer may ban by its policy, for a day at the least, and for a year where that has no end',
  () => {
    const fleet = open();

    assert.is(fleet.liftMemory(policyOf(5 * DAY_MS, 7 * DAY_MS)), 7 * DAY_MS);
    assert.is(fleet.liftMemory(policyOf(5_000)), DAY_MS);
    assert.is(fleet.liftMemory(policyOf(5_000, Infinity)), 365 * DAY * 1000);
    assert.is(fleet.liftMemory(policyOf(Infinity, 400 * DAY * 1000)), 400 * DAY * 1000);
    assert.is(fleet.liftMemory(policyOf()), 0);
    assert.is(open(false).liftMemory(policyOf(5_000)), 0);
  },
);

fleets('has an unban count against a ban that a peer without a bantime tells of after months', async () => {
  const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2'], { bantime: Infinity });
  if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
  await fw1.pass(millis(0), { sent: [ban(0, 300 * DAY)] });
  await fw2.pass(millis(HOUR), { sent: [unban(HOUR, { server: OPERATOR, jail: EVERY_JAIL })] });

  await fw2.pass(millis(200 * DAY));
  fw1.carryTo(fw2);
  await fw2.pass(millis(200 * DAY));

  assert.equal(fw2.bans(millis(200 * DAY)), []);
});

fleets('tells an unban to a peer that was away for longer than its longest ban', async () => {
  const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2'], { bantime: 2 * DAY_MS });
  if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
  await fw2.pass(millis(0));
  fw2.carryTo(fw1);
  await fw2.pass(millis(1), { sent: [ban(1, 60 * DAY)] });
  await fw1.pass(millis(1), { sent: [ban(1, HOUR)] });
  const before = [fw1, fw2].map((each) => each.bans(millis(1)).length);

  await fw1.pass(millis(600), { sent: [unban(600, { server: OPERATOR, jail: EVERY_JAIL })] });
  for (let hours = 12; hours < 40 * 24; hours += 12) await fw1.pass(millis(hours * HOUR));
  fw1.carryTo(fw2);
  await fw2.pass(millis(40 * DAY));

  assert.equal(before, [1, 1]);
  assert.equal(fw2.bans(millis(40 * DAY)), []);
});

fleets('has an unban count against a ban that its peer tells of days later', async () => {
  const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2']);
  if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
  const lift = unban(HOUR, { server: OPERATOR, jail: EVERY_JAIL });
  await fw1.pass(millis(0), { sent: [ban(0, 7 * DAY)] });
  await fw2.pass(millis(HOUR), { sent: [lift] });

  await fw2.pass(millis(3 * DAY));
  fw1.carryTo(fw2);
  await fw2.pass(millis(3 * DAY));

  assert.equal(fw2.bans(millis(3 * DAY)), []);
  assert.ok(Array.from(allClaims(fw2.state)).some(({ server }) => server === 'fw1/web1'));
});

fleets('is lifted by a peer what its limits allow now, as soon as they change', async () => {
  const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2']);
  if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
  const [all, none] = [fw2.policy, withLimits(fw2.policy, { lifts: 0 })];
  const narrow = withLimits(all, { prefix4: 32 });
  const net = { server: OPERATOR, jail: EVERY_JAIL, ip: '203.0.113.0/24' };
  const bans = [ban(0, HOUR), ban(0, HOUR, { ip: net.ip })];
  await fw2.pass(millis(1), { sent: bans });
  await fw1.pass(millis(2), { sent: [unban(2, { ...net, ip: IP }), unban(2, net)] });
  fw1.carryTo(fw2);
  await fw2.pass(millis(3));
  const seen: unknown[] = [];

  for (const [policy, isNew] of [
    ...[all, none, all, narrow].map((each) => [each, false] as const),
    [all, true] as const,
    [none, true] as const,
    [all, true] as const,
  ]) {
    if (isNew) fw2.restart();
    fw2.policy = policy;
    await fw2.pass(millis(4), { isFull: false });
    seen.push([fw2.bans(millis(4)).length, fw2.troubles(millis(4)).length]);
  }

  assert.equal(seen, [
    [0, 0],
    [2, 1],
    [0, 0],
    [1, 1],
    [0, 0],
    [2, 1],
    [0, 0],
  ]);
});

fleets('hears again what did not come to the disk, though the peer published nothing since', async () => {
  const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2']);
  if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
  const sent = [ban(0, HOUR), unban(1, { server: OPERATOR, jail: EVERY_JAIL, ip: '198.51.100.7' })];
  await fw2.pass(millis(1), { sent: [ban(0, HOUR, { ip: '198.51.100.7' })] });
  for (const others of [sent, [ban(5, HOUR, { ip: '192.0.2.7' })]]) {
    await fw1.pass(millis(5), { sent: others });
    fw1.carryTo(fw2);
    await fw2.pass(millis(6), { isFull: false, isUnsaved: true });
    await fw2.pass(millis(7), { isFull: false, isUnsaved: true });

    await fw2.pass(millis(8), { isFull: false });
  }

  assert.equal(fw2.bans(millis(8)), ['192.0.2.7 sshd', `${IP} sshd`]);
});

fleets(
  'is lifted no ban that began since, nor has one prolonged, by a peer whose clock is ahead',
  async () => {
    for (const ahead of [10 * 60, HOUR, 30 * DAY]) {
      const [fw1, fw2] = openMemoryFleet(['fw1', 'fw2']);
      if (fw1 === undefined || fw2 === undefined) throw new Error('there are not two');
      const lift = (at: number, ip: string): SentIntent =>
        unban(at, { server: OPERATOR, jail: EVERY_JAIL, ip });
      await fw2.pass(millis(1), { sent: [ban(0, DAY)] });
      const said = [ban(ahead + 5, 3 * HOUR, { ip: '192.0.2.7' }), lift(ahead + 5, IP)];
      await fw1.pass(millis(ahead + 5), { sent: said });
      fw1.carryTo(fw2);
      await fw2.pass(millis(5));
      const lifted = fw2.bans(millis(5));
      await fw2.pass(millis(10), { sent: [ban(10, DAY)] });
      const ends = new Set<number>();

      for (let at = 300; at < 3 * HOUR; at += 300) {
        // Each file of it is another one.
        const more = [ban(ahead + at, 60, { ip: '192.0.2.8' }), lift(ahead + at, `198.51.100.${at / 300}`)];
        await fw1.pass(millis(ahead + at), { sent: more });
        fw1.carryTo(fw2);
        if (at === HOUR) fw2.restart();
        await fw2.pass(millis(at + (at % 7)));
        for (const { ip, bans } of allClaims(fw2.state))
          if (ip.text === '192.0.2.7') for (const { until } of bans) ends.add(until);
        assert.ok(fw2.bans(millis(at + 7)).includes(`${IP} sshd`), String(at));
      }

      assert.equal([lifted, [...ends]], [['192.0.2.7 sshd'], [millis(5 + 3 * HOUR)]]);
    }
  },
);

fleets('holds what a peer claimed while the policy names it, and forgets it in one pass', async () => {
  const options = { now: millis(2), isFull: false };
  const state = claimed();

  const held = await open().hear(state, { ...options, policy: policyOf(HOUR) });
  const forgotten = await open().hear(state, { ...options, policy: policyOf() });

  assert.is(held, state);
  assert.equal(bansAt(forgotten, 2), [`web1 sshd ${IP} until 600`]);
  assert.is(forgotten.peers.size, 0);
});

fleets('that left it forgets all that peers claimed, and tells nothing', async () => {
  const fleet = open(false);
  const policy = policyOf(HOUR);

  const state = await fleet.hear(claimed(), { policy, now: millis(2), isFull: true });
  const problems = await fleet.publish(state, { policy, ownAddresses: [], now: millis(2) }, true);

  assert.equal(bansAt(state, 2), [`web1 sshd ${IP} until 600`]);
  assert.equal(problems, []);
});

fleets('publishes at once, or when a second has passed', async () => {
  const disk = new Map<string, string>();
  const fleet = new Fleet({ config: configOf('fw1'), files: filesOf(disk), run: signingRun(keyOf('fw1')) });
  const grounds = { policy: EMPTY_POLICY, ownAddresses: [] };
  const state = heard(1, ban(0, 600));
  await fleet.publish(EMPTY_STATE, { ...grounds, now: START }, false);

  await fleet.publish(state, { ...grounds, now: START + 500 }, false);
  const early = disk.has('/fleet/out/ipv4/203.yaml');
  await fleet.publish(state, { ...grounds, now: START + 500 }, true);

  assert.equal([early, disk.has('/fleet/out/ipv4/203.yaml')], [false, true]);
});

fleets('tells that its mover is silent, where its engine has one', async () => {
  const told = async (more: string): Promise<readonly string[]> => {
    const config = configOf('fw1', more);
    const fleet = new Fleet({ config, files: filesOf(new Map()), run: signingRun(keyOf('fw1')) });
    await fleet.hear(EMPTY_STATE, { policy: EMPTY_POLICY, now: millis(0), isFull: true });
    return fleet.problems(millis(0)).map(({ reason }) => reason);
  };

  assert.equal(await told(', engine: git, remote: /srv/fleet.git'), ['MoverSilent']);
  assert.equal(await told(', engine: valkey, remote: "redis://hub"'), ['MoverSilent']);
  assert.equal(await told(''), []);
});

fleets('has news when the mover wrote down what it knows of the hub, until that was read', async () => {
  const config = configOf('fw1', ', engine: git, remote: /srv/fleet.git');
  const disk = new Map<string, string>();
  const fleet = new Fleet({ config, files: filesOf(disk), run: signingRun(keyOf('fw1')) });
  const hear = async (): Promise<boolean> => {
    const told = fleet.hasNews();
    await fleet.hear(EMPTY_STATE, { policy: EMPTY_POLICY, now: START, isFull: false });
    return told;
  };

  const news = [await hear()];
  for (const failure of ['no route to host', undefined]) {
    disk.set('/fleet/mover/contact.json', encodeContact({ at: START, failure }));
    news.push(await hear(), await hear());
  }

  assert.equal(news, [false, true, false, true, false]);
});

fleets.run();
