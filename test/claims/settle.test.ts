import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nextEnd, settle } from '../../src/claims/settle.ts';
import { allClaims } from '../../src/claims/state.ts';
import { ban, bansAt, DAY, heard, IP, millis, tell, unban } from './said.ts';

const settling = suite('what has ended');

settling('goes, and what does not end is the same object', () => {
  const state = heard(5, ban(0, 600), ban(0, 900, { ip: '198.51.100.7' }));

  const before = settle(state, state, millis(599));
  const after = settle(state, state, millis(600));

  assert.is(before, state);
  assert.equal(Array.from(after.shards.keys()), ['ipv4/198']);
  assert.is(after.shards.get('ipv4/198'), state.shards.get('ipv4/198'));
});

settling('is forgotten a day after its unban, and not before', () => {
  const state = heard(5, ban(0, 600), unban(2));
  const left = [DAY + 1, DAY + 2].map((at) => Array.from(allClaims(settle(state, state, millis(at)))).length);

  assert.equal(left, [1, 0]);
});

settling('by a flush goes when that counts, in a shard that nothing else changed in', () => {
  const state = heard(5, ban(0, 600), tell('flush', 5));
  const others = heard(5, ban(0, 600), tell('flush', 5, { jail: 'web' }));

  const flushed = settle(state, state, millis(15));

  assert.equal([bansAt(settle(state, state, millis(14)), 14).length, bansAt(flushed, 15).length], [1, 0]);
  assert.is(flushed.flushedBy, millis(15));
  assert.equal(bansAt(settle(others, others, millis(15)), 15), [`web1 sshd ${IP} until 600`]);
});

settling('is known ahead: the next end of a ban, or a flush that waits', () => {
  const ends = [
    heard(5, ban(0, 900), ban(1, 600)),
    heard(5, ban(0, 600), tell('flush', 5)),
    heard(5, ban(0, Infinity)),
  ].map((state) => nextEnd(state, millis(6)));

  assert.equal(ends, [millis(601), millis(15), Infinity]);
});

settling.run();
