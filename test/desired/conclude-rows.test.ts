/** What is concluded from columns is what is concluded from claims that are judged one by one. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { claimKey, EMPTY_JAIL, type Claim, type Jail } from '../../src/claims/claim.ts';
import { EMPTY_STATE, makeShard, type State } from '../../src/claims/state.ts';
import { concludeRegion } from '../../src/desired/conclude-region.ts';
import { liveClaimsOf, type Region } from '../../src/desired/regions.ts';
import { netOf } from '../../src/domain/net.ts';
import { judge } from '../../src/policy/judge.ts';
import { readPolicy, type Policy } from '../../src/policy/policy.ts';
import { anyClaim } from '../claims/table/any-claim.ts';
import { ed25519 } from '../access/ssh-key.ts';

const rows = suite('what is concluded from columns');

const NOW = 100;

const PEER = `peers: { fw2: { key: "ssh-ed25519 ${ed25519().base64}", bantime: 95ms } }`;

const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    allow: fc.subarray(['203.0.113.7', '203.0.113.0/28', '203.0.113.128/25', '0.0.0.0/7']),
    limits: fc.constantFrom('', 'bantime: 94ms', 'jails: [sshd]', 'bantime: 1h, prefix4: 32'),
    peers: fc.constantFrom('', PEER),
    rules: fc.constantFrom('', 'escalate: [{ name: web, servers: 2, within: 1h, ban: 1d, ports: "22" }]'),
  })
  .map(({ allow, limits, peers, rules }) => {
    const lines = allow.map((net) => `{ net: ${net} }`).join(', ');
    const read = readPolicy(`allow: [${lines}]\nlimits: { default: { ${limits} } }\n${peers}\n${rules}\n`);
    if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
    return read.policy;
  });

const anyHolding = fc
  .array(
    fc.tuple(
      anyClaim,
      fc.option(fc.constantFrom('escalation', 'adopted', 'local', 'fw2/local'), { freq: 2 }),
      fc.constantFrom(99, NOW, 101),
    ),
    { maxLength: 10 },
  )
  .map((all) =>
    makeShard(
      new Map(
        all.map(([claim, server, until]): [string, Claim] => {
          const bans = claim.bans.map((ban) => ({ ...ban, until: ban.until === NOW ? until : ban.until }));
          const held = { ...claim, server: server ?? claim.server, bans };
          return [claimKey(held), held];
        }),
      ),
    ),
  );

const anyScope: fc.Arbitrary<Jail> = fc
  .option(
    fc.record({
      said: fc.integer({ min: 4, max: 6 }),
      ports: fc.constantFrom('80', 'all'),
      protocols: fc.constant('udp'),
    }),
  )
  .map((scope) => (scope === null ? EMPTY_JAIL : { ...EMPTY_JAIL, scope }));

const anyServers = fc.tuple(anyScope, anyScope).map(
  ([sshd, web]) =>
    new Map(
      ['web1', 'web', 'mail', 'local'].map((server) => [
        server,
        new Map([
          ['sshd', sshd],
          ['web', web],
        ]),
      ]),
    ),
);

rows('is the same, whoever claims what, by whatever policy, and of other sources too', () => {
  fc.assert(
    fc.property(
      fc.tuple(anyHolding, fc.option(anyHolding)),
      anyPolicy,
      fc.tuple(anyServers, fc.option(fc.constantFrom(3, 8))),
      ([own, other], policy, [servers, published]) => {
        const peers: State['peers'] = new Map(
          published === null ? [] : [['fw2', { sequence: 1, published, key: '', isWhole: true }]],
        );
        const state: State = { ...EMPTY_STATE, shards: new Map([['ipv4/203', own]]), servers, peers };
        const region: Region = { own, given: other === null ? [] : [other] };
        const circumstances = { policy, ownAddresses: [netOf('203.0.113.200')], now: NOW };
        const { allowed } = judge([], circumstances);
        const judgement = judge(liveClaimsOf(region, state, NOW), circumstances);

        const fast = concludeRegion(region, { state, circumstances, allowed, judgement: undefined });
        const slow = concludeRegion(region, { state, circumstances, allowed, judgement });

        assert.equal(plain(fast), plain(slow));
      },
    ),
    { numRuns: 500 },
  );
});

/** With members as maps, and what stands in any order in one. */
function plain({ portion, bans, claims, ignored, until }: ReturnType<typeof concludeRegion>): unknown {
  const jails = Array.from(portion, ([jail, { members, wide, ...own }]) => {
    const widest = wide.map(({ text }) => text).sort();
    return [jail, { ...own, wide: widest, members: new Map(members) }] as const;
  });
  return { bans, claims, ignored, until, jails: new Map(jails) };
}

rows.run();
