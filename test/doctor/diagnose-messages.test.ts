import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { messageFindings } from '../../src/doctor/diagnose-messages.ts';
import { encodeContact, type ChannelContact } from '../../src/notify/contact.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('doctor on messages');

const MINUTE = 60_000;

/** What is found, where the messenger wrote so of its channels; undefined: it wrote nothing. */
async function found(
  sandbox: Sandbox,
  channels?: readonly Partial<ChannelContact>[],
  ago = 0,
): Promise<readonly string[]> {
  sandbox.configure({ notify: '{ channels: { mail: { by: smtp, to: admin@example.org } } }' });
  if (channels !== undefined) {
    mkdirSync(join(sandbox.folder, 'notify'), { recursive: true });
    const well = { name: 'mail', lastSuccess: null, waitingSince: null, failure: null, lost: 0 };
    const all = channels.map((channel) => ({ ...well, ...channel }));
    writeFileSync(join(sandbox.folder, 'notify/contact.json'), encodeContact(Date.now() - ago, all));
  }
  const findings = await messageFindings(worldOf(sandbox));
  return findings.map(({ level, what, mend = '' }) => `${level} ${what} | ${mend}`);
}

test('says nothing where nobody is told, and that the messenger does not run where somebody is', async () => {
  await using sandbox = await Sandbox.open();

  assert.equal(await messageFindings(worldOf(sandbox)), []);
  assert.match(
    (await found(sandbox)).join(),
    /^bad the messenger has not started yet.* \| systemctl enable --now banspool-notify/,
  );
  assert.match(
    (await found(sandbox, [{}], 6 * MINUTE)).join(),
    /^bad the messenger has written nothing into .* since 6 min ago/,
  );
});

test('says of each channel whether it takes messages, and how to see why not', async () => {
  await using sandbox = await Sandbox.open();
  const now = Date.now();

  assert.match((await found(sandbox, [{}])).join(), /^good the channel mail has had no message yet/);
  assert.match(
    (await found(sandbox, [{ lastSuccess: now - 60 * MINUTE }])).join(),
    /^good .* took its last message 1 h ago/,
  );
  assert.match(
    (await found(sandbox, [{ waitingSince: now - 5 * MINUTE, failure: '535 wrong password' }])).join(),
    /^bad the channel mail takes no message since 5 min ago: 535 wrong password \| banspool notify --test mail shows/,
  );
  assert.match((await found(sandbox, [{ lost: 2 }])).join(), /^warn the channel mail lost 2 messages/);
  assert.match((await found(sandbox, [])).join(), /^warn the messenger does not know the channel mail/);
});

test.run();
