import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hearPeers } from '../../../src/claims/hear.ts';
import { liveClaims } from '../../../src/claims/live.ts';
import { EMPTY_STATE } from '../../../src/claims/state.ts';
import { listPeers } from '../../../src/cli/text/list-peers.ts';
import { fingerprintOf } from '../../../src/domain/public-key.ts';
import { netOf } from '../../../src/domain/net.ts';
import { judge } from '../../../src/policy/judge.ts';
import { ed25519 } from '../../access/ssh-key.ts';
import { IP, millis, WHOLE } from '../../claims/said.ts';
import { policyOf } from './judged.ts';

const test = suite('the list of peers');

const MINUTE = 60;
const KEY = ed25519();
const POLICY = policyOf(
  `allow: [{ net: 192.0.2.0/24 }]\npeers:\n` +
    ['fw3', 'fw2'].map((name) => `  ${name}: { key: "ssh-ed25519 ${KEY.base64}" }\n`).join(''),
);

const bannedBy = (server: string, ip: string) => ({
  ...{ ip: netOf(ip), server, jail: 'sshd' },
  bans: [{ since: millis(0), until: millis(3600), heard: millis(0) }],
});

const LIFT = {
  ip: netOf(IP),
  server: 'fw2/local',
  jail: '*',
  bans: [],
  unbanned: millis(1),
  forget: millis(3600),
};

const STATE = hearPeers(
  EMPTY_STATE,
  [
    {
      ...{ ...WHOLE, peer: 'fw2', sequence: 7, published: millis(5) },
      claims: [
        bannedBy('fw2/web1', IP),
        bannedBy('fw2/web2', '198.51.100.7'),
        bannedBy('fw2/web2', '192.0.2.7'),
      ],
      lifts: [LIFT],
    },
  ],
  millis(6),
);

function listed(seconds: number, peers: Parameters<typeof listPeers>[0]['peers']['reports']) {
  const now = millis(seconds);
  const judgement = judge(liveClaims(STATE, now), { policy: POLICY, ownAddresses: [], now });
  return listPeers(
    { inputs: { policy: POLICY }, state: STATE, judgement, peers: { reports: peers, problems: [] } },
    now,
  );
}

const HEARD = {
  peer: 'fw2',
  published: millis(5),
  lag: 430,
  sequence: 7,
  refused: { claims: 1, lifts: 1 },
  trouble: undefined,
};

test('counts what is held of each, what of that is enforced, and what it lifted', () => {
  const [fw3, fw2] = listed(10, [HEARD]);

  const none = {
    heard: null,
    sequence: null,
    lag: null,
    reason: null,
    claims: 0,
    enforced: 0,
    refused: 0,
    lifts: 0,
    trouble: null,
  };
  assert.equal(fw3, { name: 'fw3', fingerprint: fingerprintOf(KEY), ...none });
  assert.equal(fw2, {
    ...{ name: 'fw2', heard: '2026-11-22T13:30:05.000Z', sequence: 7, fingerprint: fingerprintOf(KEY) },
    ...{ lag: 0.43, claims: 3, enforced: 1, refused: 2, lifts: 1, trouble: null, reason: null },
  });
});

test('says in words what is wrong with a peer, and that one is silent after three times its ten minutes', () => {
  const troubleAt = (seconds: number, report = HEARD): string | null =>
    listed(seconds, [report])[1]?.trouble ?? null;

  assert.equal(
    [troubleAt(5 + 30 * MINUTE), troubleAt(6 + 30 * MINUTE)],
    [null, 'published nothing for 30 min'],
  );
  assert.is(
    listed(10, [{ ...HEARD, trouble: { code: 'incomplete', path: 'lifts.yaml' } }])[1]?.trouble,
    'lifts.yaml is missing or does not match peer.yaml',
  );
  const reasons = [HEARD, { ...HEARD, trouble: { code: 'missing' } as const }].map(
    (report) => listed(6 + 30 * MINUTE, [report])[1]?.reason,
  );
  assert.equal(reasons, ['Silent', 'NothingThere']);
});

test.run();
