import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearPeers } from '../../../src/claims/hear.ts';
import { foldWith } from '../../../src/claims/fold.ts';
import { allTrails, type SeenRegion } from '../../../src/claims/seen/seen-region.ts';
import { EMPTY_STATE, makeShard, type Shard, type State } from '../../../src/claims/state.ts';
import { netOf } from '../../../src/domain/net.ts';
import {
  assemble,
  emptyPart,
  encodePart,
  isEmpty,
  mayBeEmpty,
  partsOf,
  readPart,
} from '../../../src/ledger/store/parts.ts';
import { ban, bansAt, heard, IP, millis, tell, then, unban, WHOLE } from '../../claims/said.ts';

const parts = suite('a file of the state');

const EMPTY_SHARD: Shard = makeShard(new Map());

const STATE = heard(5, ban(1, 600), tell('start', 0, { ports: '22' }));
const SHARD = STATE.shards.get('ipv4/203') ?? EMPTY_SHARD;

parts('of claims, or of the jails of a server, is read as it was written', () => {
  const jails = STATE.servers.get('web1') ?? new Map();

  assert.equal(readPart('claims/ipv4/203.yaml', encodePart('claims/ipv4/203.yaml', SHARD)), {
    kind: 'part',
    part: SHARD,
    strays: [],
  });
  assert.equal(readPart('servers/web1.yaml', encodePart('servers/web1.yaml', jails)), {
    kind: 'part',
    part: jails,
    strays: [],
  });
  assert.is(readPart('servers/web1.yaml', encodePart('claims/ipv4/203.yaml', SHARD)).kind, 'mistakes');
});

parts('with a claim that belongs elsewhere has it taken there, beside what stands there', () => {
  const other = heard(5, ban(1, 600, { ip: '203.0.113.8' })).shards.get('ipv4/203') ?? EMPTY_SHARD;
  const read = readPart('claims/ipv4/198.yaml', encodePart('claims/ipv4/203.yaml', SHARD));
  if (read.kind !== 'part') throw new Error('it is damaged');

  const state = assemble([['claims/ipv4/203.yaml', other]], read.strays);

  assert.is(read.strays.length, 1);
  assert.equal(Array.from(state.shards.keys()), ['ipv4/203']);
  assert.equal(bansAt(state, 5), [`web1 sshd ${IP} until 601`, 'web1 sshd 203.0.113.8 until 601']);
});

parts('that holds nothing is nothing of the state, and stays where a name is one of few', () => {
  const state = assemble(
    [
      ['claims/ipv4/203.yaml', EMPTY_SHARD],
      ['servers/web1.yaml', new Map()],
    ],
    [],
  );

  assert.equal([isEmpty(EMPTY_SHARD), isEmpty(SHARD), isEmpty(undefined)], [true, false, false]);
  assert.equal([state.shards.size, state.servers.size], [0, 1]);
  assert.equal(['claims/ipv4/203.yaml', 'claims/ipv4/203.0.yaml', 'servers/web1.yaml'].map(mayBeEmpty), [
    true,
    false,
    true,
  ]);
});

/** The same with what fw2 claims of it, and when it was heard. */
function withPeer(): State {
  const bans = [{ heard: millis(0), since: millis(0), until: millis(900) }];
  const claims = [{ ip: netOf(IP), server: 'fw2/web1', jail: 'sshd', bans }];
  return hearPeers(
    STATE,
    [{ ...WHOLE, peer: 'fw2', sequence: 7, published: millis(5), claims, lifts: [] }],
    millis(5),
  );
}

parts('has what peers claim in files of their own, and what was heard of them in one', () => {
  const state = withPeer();

  const written = Array.from(partsOf(state, () => undefined));
  const read = written.map(([path, part]) => [path, readPart(path, encodePart(path, part))] as const);
  const back = assemble(
    read.map(([path, each]) => [path, each.kind === 'part' ? each.part : undefined]),
    read.flatMap(([, each]) => (each.kind === 'part' ? each.strays : [])),
  );

  assert.equal(
    written.map(([path]) => path),
    ['claims/ipv4/203.yaml', 'peers/ipv4/203.yaml', 'servers/web1.yaml', 'peers/heard.yaml'],
  );
  assert.equal(back, { ...state, flushedBy: -Infinity });
  assert.equal(bansAt(back, 5), [`fw2/web1 sshd ${IP} until 900`, `web1 sshd ${IP} until 601`]);
});

parts('that was known and in which nothing changed is the same one', () => {
  const state = withPeer();
  const known = new Map(partsOf(state, () => undefined));

  const after = then(state, 6, ban(6, 600, { ip: '203.0.113.8' }));
  const parts = new Map(partsOf(after, (path) => known.get(path)));

  assert.is(parts.get('peers/ipv4/203.yaml'), known.get('peers/ipv4/203.yaml'));
  assert.is.not(parts.get('claims/ipv4/203.yaml'), known.get('claims/ipv4/203.yaml'));
});

parts(
  'with a claim of a peer among our own, or ours among those of peers, has it taken where it belongs',
  () => {
    const written = new Map(partsOf(withPeer(), () => undefined));
    for (const [path, wrong] of [
      ['peers/ipv4/203.yaml', 'claims/ipv4/203.yaml'],
      ['claims/ipv4/203.yaml', 'peers/ipv4/203.yaml'],
    ] as const) {
      const part = written.get(path) ?? EMPTY_SHARD;
      const read = readPart(wrong, encodePart(path, part));
      if (read.kind !== 'part') throw new Error('it is damaged');

      const after = new Map(partsOf(assemble([], read.strays), () => undefined));

      assert.is(read.strays.length, 1);
      assert.equal([...after.keys()], [path]);
    }
  },
);

parts('of peers may hold nothing, as others may', () => {
  assert.equal(['peers/ipv4/203.yaml', 'peers/ipv4/203.0.yaml', 'peers/heard.yaml'].map(mayBeEmpty), [
    ...[true, false, true],
  ]);
});

parts(
  'of sightings, one a line, is read as it was written, and is a list of nothing when all are forgotten',
  () => {
    const said = [ban(1, 60), ban(100, 60), unban(62), ban(1, Infinity, { ip: '203.0.113.8' })];
    const state = foldWith(EMPTY_STATE, said, { now: millis(200), seenMemory: 86_400_000 });
    const path = 'seen/ipv4/203.yaml';
    const text = encodePart(path, new Map(partsOf(state, () => undefined)).get(path) ?? emptyPart(path));
    const read = readPart(path, text);
    if (read.kind !== 'part') throw new Error('it is damaged');

    const { seen } = assemble([[path, read.part]], read.strays);

    assert.is(
      text,
      [
        `- { "ip": "${IP}", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:01.000Z", "until": "2026-11-22T13:31:01.000Z" }`,
        `- { "ip": "${IP}", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:31:40.000Z", "until": "2026-11-22T13:32:40.000Z" }`,
        `- { "ip": "${IP}", "server": "web1", "jail": "sshd", "unbanned": "2026-11-22T13:31:02.000Z" }`,
        '- { "ip": "203.0.113.8", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:01.000Z", "until": null }',
        '',
      ].join('\n'),
    );
    assert.equal(Array.from(allTrails(seen.get('ipv4/203') ?? NO_REGION)), trailsOf(state));
    assert.equal(
      [encodePart(path, emptyPart(path)), isEmpty(emptyPart(path)), mayBeEmpty(path)],
      ['[]\n', true, true],
    );
    assert.equal(assemble([[path, emptyPart(path)]], []).seen.size, 0);
  },
);

parts('of sightings that a person damaged says where', () => {
  const key = `"ip": "${IP}", "server": "web1", "jail": "sshd"`;
  for (const line of [
    `- { ${key} }`,
    `- { ${key}, "since": "2026-11-22T13:30:01Z" }`,
    `- { ${key}, "until": null, "unbanned": "2026-11-22T13:30:01Z" }`,
    `- { ${key.replace('web1', 'fw2/web1')}, "unbanned": "2026-11-22T13:30:01Z" }`,
  ])
    assert.is(readPart('seen/ipv4/203.yaml', `${line}\n`).kind, 'mistakes');
});

const NO_REGION = emptyPart('seen/ipv4/203.yaml') as SeenRegion;

function trailsOf({ seen }: State): readonly unknown[] {
  return Array.from(seen.values()).flatMap((region) => Array.from(allTrails(region)));
}

parts.run();
