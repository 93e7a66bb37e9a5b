import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_OF_SERVER, SeenDraft } from '../../../src/claims/seen/seen-draft.ts';
import { allTrails, type SeenRegions } from '../../../src/claims/seen/seen-region.ts';
import { MOST_OF_NETWORK } from '../../../src/claims/seen/seen-tree.ts';
import { netOf } from '../../../src/domain/net.ts';

const drafts = suite('sightings being added');

const key = (text: string, server = 'web1') => ({ ip: netOf(text), server, jail: 'sshd' });

const at = (time: number) => ({ since: time, until: time + 600_000 });

function countOf(regions: SeenRegions): number {
  let count = 0;
  for (const region of regions.values())
    for (const { bans, unbans } of allTrails(region)) count += bans.length + unbans.length;
  return count;
}

drafts('stand beside those that were there, in the region of their address', () => {
  const first = new SeenDraft(new Map());
  first.addBan(key('203.0.113.7'), at(1000));
  first.addBan(key('2001:db8::7'), at(1000));
  const base = first.finish();

  const draft = new SeenDraft(base);
  draft.addBan(key('203.0.113.7'), at(2000));
  draft.addBan(key('203.0.113.7', 'web2'), at(3000));
  draft.addUnban(key('203.0.113.7', 'web2'), 4000);
  const after = draft.finish();

  assert.equal([...after.keys()].sort(), ['ipv4/203', 'ipv6/94']);
  assert.equal([countOf(base), countOf(after)], [2, 5]);
  assert.is(after.get('ipv6/94'), base.get('ipv6/94'));
});

drafts('that were known change nothing: all of it is the same object', () => {
  const first = new SeenDraft(new Map());
  first.addBan(key('203.0.113.7'), at(1000));
  first.addUnban(key('203.0.113.7'), 2000);
  const base = first.finish();

  const draft = new SeenDraft(base);
  draft.addBan(key('203.0.113.7'), at(1000));
  draft.addUnban(key('203.0.113.7'), 2000);

  assert.is(draft.finish(), base);
});

drafts('are as many as one server may have, and that server takes no room of others', () => {
  const first = new SeenDraft(new Map(), 3);
  for (let host = 1; host < 6; host += 1) first.addBan(key(`198.51.100.${host}`), at(1000));
  first.addBan(key('203.0.113.7', 'web2'), at(1000));

  const second = new SeenDraft(first.finish(), 3);
  second.addBan(key('203.0.113.8'), at(1000));
  second.addUnban(key('198.51.100.1'), 2000);
  second.addBan(key('203.0.113.8', 'web2'), at(1000));

  assert.equal([countOf(first.finish()), countOf(second.finish())], [4, 5]);
  assert.is(MOST_OF_SERVER, 100_000);
});

drafts('of a network of IPv6 that holds its most add no address, but go on for those that it holds', () => {
  const first = new SeenDraft(new Map());
  for (let host = 1; host <= MOST_OF_NETWORK; host += 1)
    first.addBan(key(`2001:db8::${host.toString(16)}`), at(1000));
  const full = first.finish();

  const draft = new SeenDraft(full);
  draft.addBan(key('2001:db8::ffff'), at(2000));
  draft.addBan(key('2001:db8::1'), at(2000));
  draft.addBan(key('2001:db8:0:1::1'), at(2000));

  assert.is(countOf(draft.finish()), MOST_OF_NETWORK + 2);
});

drafts.run();
