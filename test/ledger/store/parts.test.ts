import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assemble,
  EMPTY_SHARD,
  encodePart,
  isEmpty,
  mayBeEmpty,
  readPart,
} from '../../../src/ledger/store/parts.ts';
import { ban, bansAt, heard, IP, tell } from '../../claims/said.ts';

const parts = suite('a file of the state');

const STATE = heard(5, ban(1, 600), tell('start', 0, { ports: '22' }));
const SHARD = STATE.shards.get('ipv4/203') ?? EMPTY_SHARD;

parts('of claims, or of the jails of a server, is read as it was written', () => {
  const jails = STATE.servers.get('web1') ?? new Map();

  assert.equal(readPart('claims/ipv4/203.yaml', encodePart(SHARD)), {
    kind: 'part',
    part: SHARD,
    strays: [],
  });
  assert.equal(readPart('servers/web1.yaml', encodePart(jails)), { kind: 'part', part: jails, strays: [] });
  assert.is(readPart('servers/web1.yaml', encodePart(SHARD)).kind, 'mistakes');
});

parts('with a claim that belongs elsewhere has it taken there, beside what stands there', () => {
  const other = heard(5, ban(1, 600, { ip: '203.0.113.8' })).shards.get('ipv4/203') ?? EMPTY_SHARD;
  const read = readPart('claims/ipv4/198.yaml', encodePart(SHARD));
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

parts.run();
