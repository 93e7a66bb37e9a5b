import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { UTC } from '../../src/domain/words.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { Counts, gatherPage } from '../../src/report/gather.ts';
import { assessStatus } from '../../src/status/assess-status.ts';
import { isoTime } from '../../src/yaml/time.ts';
import { ban, heard, millis } from '../claims/said.ts';
import { RECORD } from '../status/record.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { textOf } from './text-of.ts';

const test = suite('a page that is gathered');

test('has what stands, what it dropped and who is banned, and lets others have many turns', async () => {
  await using sandbox = await Sandbox.open();
  const now = millis(10);
  const world = { ...worldOf(sandbox), now: () => now };
  const state = heard(10, ban(1, 600), ban(2, 600, { ip: '2001:db8::7', server: 'web2' }));
  const status = assessStatus({
    ...{
      record: { ...RECORD, bans: 2, updatedAt: isoTime(now), servers: [] },
      waiting: new Map(),
      interval: 60_000,
      now,
      isReadOnly: false,
      hasEnded: false,
    },
  });
  const drops = [
    { ip: '203.0.113.7', family: 'ipv4' as const, jail: 'sshd', chain: 'c', packets: 12, bytes: 720 },
  ];
  let turns = 0;

  const parts = await gatherPage(
    world,
    {
      ...{ zone: UTC, isRenewed: true, status, state, drops, uncounted: ['fail2ban-web'], peers: [] },
      conclusion: conclude(state, { policy: EMPTY_POLICY, ownAddresses: [], now }),
    },
    {
      counts: new Counts(),
      turn: () => {
        turns += 1;
        return Promise.resolve();
      },
    },
  );

  const text = textOf({ text: parts.join('') });
  assert.match(text, /the firewall holds all 2 bans/);
  assert.match(text, /203\.0\.113\.7sshd, web1; 1 banned in 203\.0\.113\.0\/24 12720 B/);
  assert.match(text, /not counted by address in fail2ban-web/);
  assert.match(text, /All bans 2 .* 2001:db8::7 sshd web2/);
  assert.ok(turns > parts.length, String(turns));
});

test.run();
