import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { effectsOf } from '../../../src/cli/policy/list-effects.ts';
import type { LiveClaim } from '../../../src/claims/live.ts';
import { netOf } from '../../../src/domain/net.ts';
import { judge, type Judgement } from '../../../src/policy/judge.ts';
import { readPolicy } from '../../../src/policy/policy.ts';

const test = suite('what an edit of allow or deny changes');

const REST = { ports: 'all', protocols: 'all', details: undefined };
const CLAIMS = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.0.0/16'].map(
  (text): LiveClaim => ({
    ip: netOf(text),
    server: 'local',
    jail: 'manual',
    since: 0,
    until: Infinity,
    ...REST,
  }),
);

function judged(text: string): Judgement {
  const read = readPolicy(text);
  if (read.kind === 'mistakes') throw new Error(text);
  return judge(CLAIMS, { policy: read.policy, ownAddresses: [netOf('198.51.100.1')], now: 1 });
}

const compare = (before: string, after: string) => ({ before: judged(before), after: judged(after) });

test('names the bans that end, the first of many, and what stays around it', () => {
  const change = { list: 'allow', net: netOf('192.0.2.0/24'), isRemoval: false } as const;

  assert.equal(effectsOf(change, compare('{}', 'allow: [{ net: 192.0.2.0/24 }]')), [
    'this ends 4 bans (192.0.2.1 in manual by local, 192.0.2.2 in manual by local, 192.0.2.3 in manual by local and 1 more)',
    'still in force, without 192.0.2.0/24: 1 ban (192.0.0.0/16 in manual by local)',
  ]);
});

test('tells of what else the policy has about it', () => {
  const net = netOf('198.51.100.0/24');
  const denied = 'deny: [{ net: 198.51.100.0/24 }, { net: 198.51.0.0/16 }]';

  assert.equal(effectsOf({ list: 'deny', net, isRemoval: false }, compare('{}', denied)), [
    'it was denied already: it is inside 198.51.0.0/16 (line 1)',
    "198.51.100.1 inside it stays allowed: the firewall's own address",
  ]);
  assert.equal(
    effectsOf({ list: 'deny', net, isRemoval: true }, compare(denied, 'deny: [{ net: 198.51.0.0/16 }]')),
    ['198.51.100.0/24 stays denied: it is inside 198.51.0.0/16 (line 1)'],
  );
});

test.run();
