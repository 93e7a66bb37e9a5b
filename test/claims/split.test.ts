import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, type Claim } from '../../src/claims/claim.ts';
import { joinShards, splitShard } from '../../src/claims/split.ts';
import { makeShard, type Shard } from '../../src/claims/state.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { millis } from './said.ts';

const splitting = suite('a shard of claims of this side and of peers');

function claim(server: string, changes: Partial<Claim> = {}): Claim {
  const bans = [{ heard: millis(0), since: millis(0), until: millis(600) }];
  return { ip: netOf('203.0.113.7'), server, jail: 'sshd', bans, ...changes };
}

function shardOf(...claims: readonly Claim[]): Shard {
  return makeShard(new Map(claims.map((each) => [claimKey(each), each])));
}

const servers = ({ claims }: Shard): readonly string[] =>
  Array.from(claims.values(), ({ server }) => server).sort();

splitting('is divided by who claims, the operators of each on their own side', () => {
  const shard = shardOf(claim('web1'), claim('fw2/web1'), claim(OPERATOR), claim('fw2/local'));

  const { own, peers } = splitShard(shard);

  assert.equal(
    [servers(own), servers(peers)],
    [
      [OPERATOR, 'web1'],
      ['fw2/local', 'fw2/web1'],
    ],
  );
});

splitting('is itself one of its parts where the other is empty', () => {
  const [ours, theirs] = [shardOf(claim('web1')), shardOf(claim('fw2/web1'))];

  assert.is(splitShard(ours).own, ours);
  assert.is(splitShard(ours).peers.claims.size, 0);
  assert.is(splitShard(theirs).peers, theirs);
  assert.is(splitShard(theirs).own.claims.size, 0);
  assert.is(joinShards({ own: ours, peers: undefined }), ours);
  assert.is(joinShards({ own: undefined, peers: theirs }), theirs);
});

splitting('has the parts that it was joined of, and knows of all what it knows of each', () => {
  const own = shardOf(claim('web1', { bans: [], unbanned: millis(5), forget: millis(50) }));
  const peers = shardOf(claim('fw2/local', { bans: [], unbanned: millis(5), forget: millis(40) }));

  const shard = joinShards({ own, peers });
  const split = splitShard(shard);

  assert.is(split.own, own);
  assert.is(split.peers, peers);
  assert.equal(
    [servers(shard), shard.nextEnd, shard.lifters],
    [['fw2/local', 'web1'], millis(40), ['fw2/local']],
  );
});

splitting('keeps a known part in which nothing changed, so that it is not written again', () => {
  const [mine, theirs, other] = [claim('web1'), claim('fw2/web1'), claim('fw2/web2')];
  const known = { own: shardOf(mine), peers: shardOf(theirs) };

  const more = splitShard(shardOf(mine, theirs, other), known);
  const less = splitShard(shardOf(mine, other), known);
  const changed = splitShard(shardOf(claim('web1', { jail: 'web' }), theirs), known);

  assert.is(more.own, known.own);
  assert.equal(servers(more.peers), ['fw2/web1', 'fw2/web2']);
  assert.equal(servers(less.peers), ['fw2/web2']);
  assert.is(changed.peers, known.peers);
  assert.is.not(changed.own, known.own);
});

splitting('is divided once', () => {
  const shard = shardOf(claim('web1'), claim('fw2/web1'));

  assert.is(splitShard(shard), splitShard(shard));
});

splitting.run();
