import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ADOPTED, EVERY_JAIL, OPERATOR, OPERATOR_JAIL } from '../../src/domain/names.ts';
import { foldWith } from '../../src/claims/fold.ts';
import { liveClaims, type LiveClaim } from '../../src/claims/live.ts';
import { nextEnd } from '../../src/claims/settle.ts';
import { allClaims, EMPTY_STATE, type State } from '../../src/claims/state.ts';
import type { SentIntent } from '../../src/claims/fold.ts';
import type { SnapshotIntent } from '../../src/intent/intent.ts';
import { ban, bansAt, DAY, heard, HOUR, IP, millis, snapshot, START, tell, then, unban } from './said.ts';

const fold = suite('fold');

const onlyClaim = (state: State, at: number): LiveClaim | undefined =>
  Array.from(liveClaims(state, millis(at)))[0];

fold('a ban stands until its own end, whether or not an unban comes', () => {
  const state = heard(0, ban(0, 600));

  assert.equal(bansAt(state, 599.999), [`web1 sshd ${IP} until 600`]);
  assert.equal(bansAt(state, 600), []);
  assert.equal(bansAt(then(state, 600), 600), []);
});

fold('a ban without an end stands until the unban', () => {
  const state = heard(0, ban(0, Infinity));

  assert.equal(bansAt(then(state, 400 * DAY), 400 * DAY), [`web1 sshd ${IP} until Infinity`]);
  assert.equal(bansAt(then(state, 10, unban(9)), 10), []);
});

fold('a ban that has ended before it is heard is never one', () => {
  const state = heard(700, ban(0, 600));

  assert.is(state, EMPTY_STATE);
});

fold('the later end of two bans counts, whichever came first', () => {
  const long = ban(0, 1000);
  const short = ban(10, 600);

  assert.equal(bansAt(heard(20, long, short), 20), [`web1 sshd ${IP} until 1000`]);
  assert.equal(bansAt(heard(20, short, long), 20), [`web1 sshd ${IP} until 1000`]);
});

fold('a prolong moves the end of a ban', () => {
  const state = heard(11, ban(0, 600), ban(10, 1200, { kind: 'prolong' }));

  assert.equal(bansAt(state, 11), [`web1 sshd ${IP} until 1210`]);
});

fold('an unban of one server leaves another server’s claim standing', () => {
  const state = heard(10, ban(0, 600), ban(1, 600, { server: 'mail' }), unban(5));

  assert.equal(bansAt(state, 10), [`mail sshd ${IP} until 601`]);
});

fold('an unban in one jail leaves the ban in another standing', () => {
  const state = heard(10, ban(0, 600), ban(0, 600, { jail: 'recidive' }), unban(5));

  assert.equal(bansAt(state, 10), [`web1 recidive ${IP} until 600`]);
});

fold('an unban that is older than a ban changes nothing', () => {
  const state = heard(10, ban(7, 600), unban(5));

  assert.equal(bansAt(state, 10), [`web1 sshd ${IP} until 607`]);
});

fold('an older ban that comes after its unban stays dead', () => {
  for (const late of [10, HOUR, DAY - 1]) {
    const state = then(heard(6, unban(5)), late, ban(0, Infinity));

    assert.equal(bansAt(state, late), []);
  }
});

fold('an unban lifts no ban that was made after it, and takes what it lifts in any order', () => {
  const words = [ban(0, 5000), unban(5), ban(6, 600)];

  for (const order of [words, [...words].reverse()]) {
    assert.equal(bansAt(heard(10, ...order), 10), [`web1 sshd ${IP} until 606`]);
  }
});

fold('a newer, longer ban does not make an older one forget that it was not lifted', () => {
  const state = heard(10, ban(0, 3000), ban(6, 600), ban(8, 60), unban(7));

  assert.equal(bansAt(state, 10), [`web1 sshd ${IP} until 68`]);
});

fold('an unban is remembered for a day, and for as long as a ban of before it would last', () => {
  const short = heard(6, ban(0, 600), unban(5));
  const long = heard(6, ban(0, 3 * DAY), unban(5));

  assert.is(then(short, DAY + 4).shards.size, 1);
  assert.is(then(short, DAY + 5).shards.size, 0);
  assert.is(then(long, 3 * DAY - 1).shards.size, 1);
  assert.is(then(long, 3 * DAY).shards.size, 0);
});

fold('an unban that need not be remembered any more leaves no trace', () => {
  const state = heard(3 * DAY, ban(3 * DAY - 10, 600));

  assert.ok(then(state, 3 * DAY, unban(5, { ip: '203.0.113.8' })) === state);
  assert.ok(then(EMPTY_STATE, 3 * DAY, unban(5)) === EMPTY_STATE);
});

fold('a replay of what was heard is no change at all', () => {
  const words = [
    ban(0, 600, { ports: '22', failures: 5 }),
    ban(0, 600, { ip: '2001:db8::7' }),
    unban(3, { ip: '203.0.113.8' }),
    snapshot(5, [['203.0.113.9', 1, 600]], { jail: 'web' }),
    tell('start', 1, { ports: '22' }),
    tell('stop', 4),
    tell('flush', 4),
  ];
  const state = heard(10, ...words);

  assert.ok(then(state, 10, ...words) === state);
  assert.ok(then(state, 11, ...[...words].reverse()) === state);
});

fold('a restart of fail2ban with all its replays is no change of any ban', () => {
  const bans = Array.from({ length: 50 }, (_, index) => ban(index, HOUR, { ip: `203.0.113.${index}` }));
  const before = heard(100, tell('start', 0, { ports: '22' }), ...bans);

  const after = then(
    before,
    115,
    tell('flush', 110),
    tell('stop', 111),
    tell('start', 113, { ports: '22' }),
    ...bans,
  );

  for (const at of [115, 125, 1000]) assert.equal(bansAt(then(after, at), at), bansAt(before, at));
});

fold('a flush alone ends all bans of its jail on its server, ten seconds after it came', () => {
  const state = heard(
    20,
    ban(0, 600),
    ban(0, 600, { ip: '203.0.113.8' }),
    ban(0, 600, { jail: 'web' }),
    ban(0, 600, { server: 'mail' }),
    tell('flush', 15),
  );

  assert.is(bansAt(then(state, 29), 29).length, 4);
  assert.equal(bansAt(then(state, 30), 30), [`mail sshd ${IP} until 600`, `web1 web ${IP} until 600`]);
  assert.is(nextEnd(state, millis(20)), millis(30));
});

fold('a flush that a stop follows within ten seconds is fail2ban stopping, and ends nothing', () => {
  for (const stop of [15, 20, 25]) {
    for (const words of [
      [tell('flush', 15), tell('stop', stop)],
      [tell('stop', stop), tell('flush', 15)],
    ]) {
      const state = then(heard(26, ban(0, 600), ...words), 100);

      assert.equal(bansAt(state, 100), [`web1 sshd ${IP} until 600`]);
    }
  }
});

fold('a stop that comes later than that, or was before the flush, does not keep the bans', () => {
  for (const stop of [14, 26]) {
    const state = then(heard(26, ban(0, 600), tell('flush', 15), tell('stop', stop)), 36);

    assert.equal(bansAt(state, 36), []);
  }
});

fold('a ban made after a flush stands, and one from before it that comes late does not', () => {
  const flushed = then(heard(20, tell('flush', 15)), 30);

  const state = then(flushed, 31, ban(14, 600), ban(16, 600, { ip: '203.0.113.8' }));

  assert.equal(bansAt(state, 31), ['web1 sshd 203.0.113.8 until 616']);
});

fold('a stop on one server says nothing of a flush on another', () => {
  const state = then(heard(20, ban(0, 600), tell('flush', 15), tell('stop', 16, { server: 'mail' })), 30);

  assert.equal(bansAt(state, 30), []);
});

fold('however often fail2ban restarts, and stops twice each time, no ban is lifted', () => {
  let state = heard(1, ban(0, Infinity));

  for (let restart = 1; restart <= 40; restart += 1) {
    const at = restart * 60;
    state = then(state, at + 5, tell('flush', at), tell('stop', at + 1), tell('stop', at + 2));
    state = then(state, at + 30);
  }

  assert.equal(bansAt(state, 3000), [`web1 sshd ${IP} until Infinity`]);
});

fold('a flush counts although the clock was set back since the last one', () => {
  const before = then(heard(1000, tell('flush', 995)), 1010);
  const state = then(before, 500, ban(490, 600), tell('flush', 495));

  assert.equal(bansAt(then(state, 510), 510), []);
});

fold('a clock that was set back lifts no ban', () => {
  const state = heard(1000, ban(990, 600), ban(0, 2000, { ip: '203.0.113.8' }));

  assert.equal(bansAt(then(state, -DAY), -DAY), bansAt(state, 1000));
});

fold('a snapshot ends what it does not hold', () => {
  const state = heard(60, ban(0, 600), ban(0, 600, { ip: '203.0.113.8' }), snapshot(50, [[IP, 0, 600]]));

  assert.equal(bansAt(state, 60), [`web1 sshd ${IP} until 600`]);
});

fold('a snapshot shortens and lengthens what it holds', () => {
  const state = heard(
    60,
    ban(0, 600),
    ban(0, 600, { ip: '203.0.113.8' }),
    snapshot(50, [
      [IP, 0, 300],
      ['203.0.113.8', 0, 900],
    ]),
  );

  assert.equal(bansAt(state, 60), [`web1 sshd ${IP} until 300`, 'web1 sshd 203.0.113.8 until 900']);
});

fold('a snapshot leaves newer bans as they are', () => {
  const state = heard(60, ban(55, 600), ban(0, 600, { ip: '203.0.113.8' }), snapshot(50, []));

  assert.equal(bansAt(state, 60), [`web1 sshd ${IP} until 655`]);
});

fold('a snapshot that adds is the same bans one by one: it ends none, and none of it ends by another', () => {
  const local = { server: 'local', jail: 'imported', ports: 'all', protocols: 'all' };
  const added = (at: number, ...ips: readonly string[]): SentIntent => {
    const { server, intent } = snapshot(
      at,
      ips.map((ip) => [ip, at, 600] as const),
      local,
    );
    return { server, intent: { ...(intent as SnapshotIntent), adds: true } };
  };
  const before = [ban(0, 600, local), ban(0, 600)];

  const state = heard(
    60,
    ...before,
    added(50, '203.0.113.8'),
    added(50, '203.0.113.9'),
    added(50, '203.0.113.8'),
  );

  const single = ['203.0.113.8', '203.0.113.9'].map((ip) => ban(50, 600, { ...local, ip }));
  assert.equal(bansAt(state, 60), bansAt(heard(60, ...before, ...single), 60));
  assert.is(state.servers.get('local')?.get('imported')?.scope?.ports, 'all');
});

fold('a snapshot is about one jail of one server', () => {
  const words = [ban(0, 600, { jail: 'web' }), ban(0, 600, { server: 'mail' })];

  assert.equal(bansAt(heard(60, ...words, snapshot(50, [])), 60), bansAt(heard(60, ...words), 60));
});

fold('an older snapshot that comes after a newer one changes nothing', () => {
  const state = heard(60, snapshot(50, [[IP, 0, 600]]));

  assert.ok(then(state, 61, snapshot(40, [['203.0.113.8', 0, 600]])) === state);
});

fold('what an unban lifted is not brought back by an older snapshot', () => {
  const state = heard(60, unban(55), snapshot(50, [[IP, 0, 600]]));

  assert.equal(bansAt(state, 60), []);
});

fold('a snapshot that says nothing new changes no claim, however often it comes', () => {
  const words = [ban(10, 600, { ports: '22', failures: 5 }), ban(20, Infinity, { ip: '198.51.100.7' })];
  const before = heard(60, ...words, snapshot(50, [['2001:db8::7', 30, 600]], { jail: 'web' }));
  const listed = [
    [IP, 10, 600],
    ['198.51.100.7', 20, Infinity],
  ] as const;

  const first = then(before, 120, snapshot(110, listed));
  const second = then(
    first,
    420,
    snapshot(410, listed),
    snapshot(411, [['2001:db8::7', 30, 600]], { jail: 'web' }),
  );

  assert.ok(first.shards === before.shards);
  assert.ok(second.shards === before.shards);
  assert.equal(bansAt(then(second, 430, unban(405)), 430).length, 3);
  assert.equal(bansAt(then(second, 440, snapshot(435, [])), 440).length, 1);
});

fold(
  'a snapshot in whole seconds changes nothing of a ban that was told to the fraction, in any order',
  () => {
    const told = ban(10.25, 600);
    const listed = snapshot(50, [[IP, 10, 600]]);

    const before = heard(60, told);
    const after = then(before, 61, listed);
    const other = heard(61, listed, told);

    assert.ok(after.shards === before.shards);
    assert.equal(onlyClaim(other, 61), onlyClaim(after, 61));
    assert.is(onlyClaim(other, 61)?.since, millis(10.25));
  },
);

fold('a snapshot keeps what the ban had said beside times', () => {
  const state = heard(
    60,
    ban(10, 600, { ports: '22', failures: 5, reason: 'x' }),
    snapshot(50, [[IP, 10, 900]]),
  );

  const claim = onlyClaim(state, 60);
  assert.is(claim?.ports, '22');
  assert.is(claim?.details?.failures, 5);
  assert.is(claim?.since, millis(10));
  assert.is(claim?.until, millis(910));
});

fold('a start or reload says the ports of the jail from then on, for the bans that it has too', () => {
  for (const kind of ['start', 'reload'] as const) {
    const before = heard(20, ban(0, 600, { ports: '22', protocols: 'tcp' }));
    const state = then(before, 31, tell(kind, 30, { ports: '2222', protocols: 'tcp,udp' }));

    const claim = onlyClaim(state, 31);
    assert.equal([claim?.ports, claim?.protocols], ['2222', 'tcp,udp']);
  }
});

fold('a ban made after the start says its ports itself', () => {
  const state = heard(
    31,
    tell('start', 10, { ports: '2222', protocols: 'udp' }),
    ban(20, 600, { ports: '22' }),
  );

  const claim = onlyClaim(state, 31);
  assert.equal([claim?.ports, claim?.protocols], ['22', 'udp']);
});

fold('without a word on ports a ban is about all ports of tcp', () => {
  const claim = onlyClaim(heard(1, ban(0, 600)), 1);

  assert.equal([claim?.ports, claim?.protocols], ['all', 'tcp']);
});

fold('an older start that comes late does not change the ports back', () => {
  const newer = tell('start', 30, { ports: '2222', protocols: 'tcp' });
  const older = tell('start', 10, { ports: '22', protocols: 'tcp' });

  assert.is(onlyClaim(heard(31, ban(0, 600), newer, older), 31)?.ports, '2222');
});

fold('a ban that an operator made is one of the server local', () => {
  const state = heard(1, ban(0, 600, { server: OPERATOR, jail: OPERATOR_JAIL }));

  assert.equal(bansAt(state, 1), [`local manual ${IP} until 600`]);
});

fold('an operator’s unban without a jail lifts all that is claimed of the address', () => {
  const others = [
    ban(0, 600),
    ban(0, 600, { server: 'mail', jail: 'postfix' }),
    ban(0, 600, { server: OPERATOR, jail: OPERATOR_JAIL }),
  ];
  const lift = unban(5, { server: OPERATOR, jail: EVERY_JAIL });

  assert.equal(bansAt(heard(6, ...others, lift), 6), []);
  assert.equal(bansAt(heard(6, lift, ...others), 6), []);
});

fold('an operator’s unban in a jail lifts what any server claims there, and nothing else', () => {
  const state = heard(
    6,
    ban(0, 600),
    ban(0, 600, { server: 'mail' }),
    ban(0, 600, { jail: 'web' }),
    unban(5, { server: OPERATOR }),
  );

  assert.equal(bansAt(state, 6), [`web1 web ${IP} until 600`]);
});

fold(
  'an operator’s unban of one server lifts what that one claims, in any order, and stays when its snapshots go on',
  () => {
    const others = [ban(0, 600), ban(0, 600, { server: 'mail' }), ban(0, 600, { jail: 'web' })];
    const everywhere = unban(5, { server: OPERATOR, jail: EVERY_JAIL, of: 'web1' });
    const inJail = unban(5, { server: OPERATOR, of: 'web1' });

    assert.equal(bansAt(heard(6, ...others, everywhere), 6), [`mail sshd ${IP} until 600`]);
    assert.equal(bansAt(heard(6, everywhere, ...others), 6), [`mail sshd ${IP} until 600`]);
    const lifted = heard(6, ...others, inJail);
    assert.equal(bansAt(lifted, 6), [`mail sshd ${IP} until 600`, `web1 web ${IP} until 600`]);
    assert.equal(bansAt(then(lifted, 60, snapshot(50, [[IP, 0, 600]])), 60), bansAt(lifted, 60));
    assert.ok(bansAt(then(lifted, 60, ban(55, 600)), 60).includes(`web1 sshd ${IP} until 655`));
  },
);

fold(
  'an operator’s unban within a network lifts what is claimed inside of it, of one server or of all',
  () => {
    const others = [
      ban(0, 600),
      ban(0, 600, { ip: '203.0.113.200' }),
      ban(0, 600, { ip: '203.0.113.0/24', server: 'mail' }),
      ban(0, 600, { ip: '203.0.0.0/16', server: OPERATOR }),
      ban(0, 600, { ip: '2001:db8::7' }),
    ];
    const within = { server: OPERATOR, jail: EVERY_JAIL, within: true } as const;

    assert.equal(bansAt(heard(6, ...others, unban(5, { ...within, ip: '203.0.113.0/24' })), 6), [
      'local sshd 203.0.0.0/16 until 600',
      'web1 sshd 2001:db8::7 until 600',
    ]);
    assert.equal(bansAt(heard(6, ...others, unban(5, { ...within, ip: '0.0.0.0/0', of: 'web1' })), 6), [
      'local sshd 203.0.0.0/16 until 600',
      'mail sshd 203.0.113.0/24 until 600',
      'web1 sshd 2001:db8::7 until 600',
    ]);
  },
);

fold('what an operator lifted stays lifted when its server says it again, and falls to a new ban', () => {
  const state = heard(6, ban(0, Infinity), unban(5, { server: OPERATOR, jail: EVERY_JAIL }));

  assert.ok(then(state, 7, ban(0, Infinity)) === state);
  assert.equal(bansAt(then(state, 200 * DAY, ban(0, Infinity)), 200 * DAY), []);
  assert.equal(bansAt(then(state, 9, ban(8, 600)), 9), [`web1 sshd ${IP} until 608`]);
});

fold('what an operator lifted stays lifted though the snapshots of its server still list it', () => {
  const listed = snapshot(20, [[IP, 0, 600]]);
  const lift = unban(5, { server: OPERATOR, jail: EVERY_JAIL });
  const [before, after] = [heard(21, ban(0, 600), lift, listed), heard(21, ban(0, 600), listed, lift)];

  assert.equal([bansAt(before, 21), bansAt(after, 21)], [[], []]);
  assert.equal(bansAt(then(before, 31, ban(30, 600)), 31), [`web1 sshd ${IP} until 630`]);
});

fold(
  'a ban that began after an operator’s lift stands beside a longer, lifted one of as new a snapshot',
  () => {
    const words = [
      snapshot(11, [[IP, 0, 3600]]),
      unban(5, { server: OPERATOR, jail: EVERY_JAIL }),
      ban(11, 14),
    ];

    for (const order of [words, [...words].reverse()]) {
      assert.equal(bansAt(heard(12, ...order), 12), [`web1 sshd ${IP} until 25`]);
    }
  },
);

fold('an operator’s unban of an address lifts no network that holds it', () => {
  const state = heard(
    6,
    ban(0, 600, { ip: '203.0.113.0/24' }),
    unban(5, { server: OPERATOR, jail: EVERY_JAIL }),
  );

  assert.equal(bansAt(state, 6), ['web1 sshd 203.0.113.0/24 until 600']);
});

fold('no server but the operator may lift what another claims, by whatever jail it names', () => {
  const state = heard(
    6,
    ban(0, 600),
    unban(5, { server: 'mail' }),
    unban(5, { server: 'mail', jail: EVERY_JAIL }),
  );

  assert.equal(bansAt(state, 6), [`web1 sshd ${IP} until 600`]);
});

fold('what was adopted is lifted by the first server that unbans it in that jail', () => {
  const adopted = heard(
    0,
    ban(0, 7 * DAY, { server: ADOPTED }),
    ban(0, 7 * DAY, { server: ADOPTED, jail: 'web' }),
  );

  const state = then(adopted, 10, ban(1, 600), unban(9));

  assert.equal(bansAt(state, 10), [`adopted web ${IP} until ${7 * DAY}`]);
});

fold('what was adopted stands when a server only flushes or sends a snapshot', () => {
  const adopted = heard(0, ban(0, 7 * DAY, { server: ADOPTED }));

  const state = then(then(adopted, 10, tell('flush', 9), snapshot(9, [])), 30);

  assert.equal(bansAt(state, 30), [`adopted sshd ${IP} until ${7 * DAY}`]);
});

fold('the details of the newest ban are shown, in whatever order they came', () => {
  const older = ban(0, 600, { failures: 5, reason: 'older' });
  const newer = ban(10, 600, { failures: 9 });

  for (const state of [heard(20, older, newer), heard(20, newer, older)]) {
    assert.equal(onlyClaim(state, 20)?.details, { said: millis(10), failures: 9 });
  }
});

fold('a ban that had ended when it came leaves no details on another', () => {
  const ended = ban(10, 5, { ports: '22', reason: 'ended' });
  const live = ban(0, 600, { ports: '80' });

  for (const state of [heard(20, ended, live), heard(20, live, ended)]) {
    assert.is(onlyClaim(state, 20)?.ports, '80');
  }
});

fold('a ban that a snapshot ended leaves no details on an unban that is remembered', () => {
  const words = [unban(4), ban(5, 600, { reason: 'x' }), snapshot(7, [])];

  const [there, back] = [heard(10, ...words), heard(10, ...[...words].reverse())];

  assert.equal(back, there);
});

fold('what a ban had said is forgotten with it, also where a newer snapshot goes on', () => {
  const words = [snapshot(7, [[IP, 6, 600]]), unban(5), ban(3, 600, { reason: 'older' })];

  for (const order of [words, [...words].reverse()]) {
    assert.is(onlyClaim(heard(10, ...order), 10)?.details, undefined);
  }
});

fold('a server that shortens its ban again and again is believed, and costs no more than a few', () => {
  const bans = Array.from({ length: 200 }, (_, index) => ban(index, 10_000 - 40 * index));

  const state = heard(200, ...bans);

  const [shard] = state.shards.values();
  const [claim] = shard?.claims.values() ?? [];
  assert.ok((claim?.bans.length ?? 0) <= 8);
  assert.equal(bansAt(state, 200), [`web1 sshd ${IP} until 10000`]);
});

fold('only what a word touches is made anew', () => {
  const state = heard(
    1,
    ban(0, 600),
    ban(0, 600, { ip: '198.51.100.1' }),
    ban(0, 600, { ip: '2001:db8::7' }),
  );

  const next = then(state, 2, ban(1, 600, { ip: '203.0.113.8' }));

  const kept = Array.from(state.shards).flatMap(([name, shard]) =>
    next.shards.get(name) === shard ? [name] : [],
  );
  assert.equal(kept.sort(), ['ipv4/198', 'ipv6/94']);
});

fold('the next end is the first of all that can end', () => {
  const state = heard(
    0,
    ban(0, 600),
    ban(0, 300, { ip: '2001:db8::7' }),
    ban(0, Infinity, { ip: '203.0.113.8' }),
  );

  assert.is(nextEnd(state, START), millis(300));
  assert.is(nextEnd(heard(0, ban(0, Infinity)), START), Infinity);
  assert.is(nextEnd(EMPTY_STATE, START), Infinity);
});

fold(
  'with peers an operator’s unban is remembered for a time of its own at the least, and no server’s',
  () => {
    const memory = (...said: Parameters<typeof then>[2][]): readonly (number | undefined)[] => {
      const options = { now: millis(5), liftMemory: 7 * DAY * 1000 };
      return Array.from(allClaims(foldWith(EMPTY_STATE, said, options)), ({ forget }) => forget);
    };

    assert.equal(memory(unban(1, { server: OPERATOR })), [millis(1 + 7 * DAY)]);
    assert.equal(memory(unban(1, { server: OPERATOR }), ban(0, 9 * DAY)), [millis(9 * DAY)]);
    assert.equal(memory(unban(1)), [millis(1 + DAY)]);
    assert.equal(memory(unban(1, { server: OPERATOR, ip: '203.0.113.0/24', within: true })), []);
  },
);

fold.run();
