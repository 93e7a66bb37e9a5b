/** A region is concluded from all of its shards, and is good until the first thing of it ends. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, type Claim } from '../../src/claims/claim.ts';
import { EMPTY_STATE, makeShard, type Shard } from '../../src/claims/state.ts';
import { concludeRegion } from '../../src/desired/conclude-region.ts';
import { netOf } from '../../src/domain/net.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { plainClaim } from '../claims/table/any-claim.ts';

const region = suite('a concluded region');

function shardOf(...claims: readonly Claim[]): Shard {
  return makeShard(new Map(claims.map((claim) => [claimKey(claim), claim])));
}

function policyOf(text: string): Policy {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  return read.policy;
}

region('counts each address of a jail once, and holds it until the last of its claims ends', () => {
  const own = shardOf(
    plainClaim(),
    plainClaim({ server: 'mail', bans: [{ heard: 5, since: 5, until: 200 }] }),
    plainClaim({ ip: netOf('203.0.113.0/24'), bans: [{ heard: 5, since: 5, until: 150 }] }),
    plainClaim({ ip: netOf('203.0.113.9') }),
  );
  const given = [shardOf(plainClaim({ server: 'adopted', bans: [{ heard: 5, since: 5, until: 300 }] }))];
  const circumstances = { policy: policyOf('{}'), ownAddresses: [netOf('203.0.113.9')], now: 50 };
  const allowed = [{ net: netOf('203.0.113.9'), by: { code: 'own-address' } as const }];

  const { portion, from, until, ...counts } = concludeRegion(
    { own, given },
    { state: EMPTY_STATE, circumstances, allowed, judgement: undefined },
  );

  assert.equal(counts.bans, 2);
  assert.equal([counts.claims, counts.ignored, from, until], [5, 1, 50, 100]);
  assert.equal(
    new Map(portion.get('sshd')?.members),
    new Map([
      ['203.0.113.7', 300],
      ['203.0.113.0/24', 150],
    ]),
  );
});

region.run();
