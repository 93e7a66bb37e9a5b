import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';
import { previewMessages, testMessage } from '../../src/notify/preview-messages.ts';
import { encodeState } from '../../src/notify/state.ts';
import { files } from '../../src/system/files/files.ts';
import { driftOf, mannerOf, NOON, TestMessenger } from '../support/messenger.ts';

const test = suite('what would be sent');

test('is what waits for each channel, without waiting longer, and is not written down', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-preview-'));
  const read = readConfig(`state: ${folder}/state\nruntime: ${folder}\n`);
  if (read.kind !== 'config') throw new Error('no config');
  const messenger = new TestMessenger();
  messenger.step([driftOf(NOON)]);
  mkdirSync(join(folder, 'notify/private'), { recursive: true });
  const path = join(folder, 'notify/private/state.json');
  await files.write(path, encodeState({ ...messenger.state, cursor: { segment: '', offset: 0 } }));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const world = { config: read.config, files, log, now: () => NOON };

  const text = await previewMessages(world, mannerOf({ folder: join(folder, 'notify') }));

  assert.match(
    text,
    /^ops \(command\):\n {2}Subject: fw1: the controller is not running for 1 s, and 1 more\n\n/,
  );
  assert.match(text, /^ {4}drift: iptables \(pid 4711\) emptied fail2ban-sshd/m);
  assert.match(text, /^the digest, as of now:\n {2}Subject: fw1: 0 bans in /m);
  assert.equal(readdirSync(join(folder, 'notify')), ['private']);
  assert.match((await files.read(path)) ?? '', '"outgoing":null');
});

test('of a test says that nothing is wrong', () => {
  const { kind, subject, lines } = testMessage(NOON, { name: 'fw1', channel: 'ops' });

  assert.equal([kind, subject], ['test', 'fw1: a test message of banspool']);
  assert.match(lines.join('\n'), 'over the channel ops.\nNothing is wrong.');
});

test.run();
