import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventLine } from '../../../src/feed/event.ts';
import { writeStatusFile } from '../../../src/system/files/status-file.ts';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { bannedOf, driftOf, recordOf } from '../../support/messenger.ts';
import { iptables } from '../../support/firewall.ts';
import { banText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { SmtpServerProcess } from '../../support/smtp-server.ts';

const test = suite('notify');

function channelTo(port: number, to = 'admin@example.org'): string {
  return `{ by: smtp, to: ${to}, server: "smtp://127.0.0.1:${port}", group: 0s }`;
}

/** A firewall whose controller has just reported, without one that runs. */
function report(sandbox: Sandbox): void {
  const record = recordOf(Date.now(), { state: sandbox.state, interval: 3_600_000 });
  writeStatusFile(join(sandbox.folder, 'status.json'), JSON.stringify(record));
}

function tell(sandbox: Sandbox, ...events: Parameters<typeof eventLine>[0][]): void {
  mkdirSync(join(sandbox.folder, 'events'), { recursive: true });
  appendFileSync(join(sandbox.folder, 'events/1795933655000.jsonl'), events.map(eventLine).join(''));
}

const statePath = (sandbox: Sandbox): string => join(sandbox.folder, 'notify/private/state.json');

/** Waits until the messenger wrote down that it read all events. */
async function hasRead(sandbox: Sandbox): Promise<void> {
  await eventually(() => {
    const { size } = statSync(join(sandbox.folder, 'events/1795933655000.jsonl'));
    assert.match(readFileSync(statePath(sandbox), 'utf8'), `"offset":${size}`);
  });
}

test('refuses a config that tells nobody, and a channel that is not there', async () => {
  await using sandbox = await Sandbox.open();

  const none = await sandbox.cli('notify');
  sandbox.configure({ notify: `{ channels: { mail: ${channelTo(1)} } }` });
  const other = await sandbox.cli('notify', '--test', 'chat');

  assert.equal([none.code, other.code], [2, 2]);
  assert.match(none.stderr, /config\.yaml has no notify\nbanspool: hint: docs\/messages\.md describes/);
  assert.match(other.stderr, /there is no channel "chat"\nbanspool: hint: the channels are mail/);
});

test('sends a test message over each channel, and says what each server answers', async () => {
  await using server = await SmtpServerProcess.start();
  await using sandbox = await Sandbox.open();
  const channels = `mail: ${channelTo(server.port)}, nobody: ${channelTo(server.port, 'refused@example.org')}`;
  sandbox.configure({ notify: `{ name: fw1, channels: { ${channels} } }` });

  const all = await sandbox.cli('notify', '--test');
  const one = await sandbox.cli('notify', '--test', 'mail');

  assert.is(all.code, 1);
  assert.match(all.stdout, /^mail \(smtp\): sent: 250 2\.0\.0 queued as 1\n/);
  assert.match(all.stdout, /^nobody \(smtp\): not sent: 127\.0\.0\.1:\d+: .*550 5\.1\.1 no such user/m);
  assert.equal([one.code, one.stdout], [0, 'mail (smtp): sent: 250 2.0.0 queued as 2\n']);
  assert.match(server.mails()[0] ?? '', /^Subject: fw1: a test message of banspool\r$/m);
});

test('prints what would be sent, in words that no server can paint with, and sends and writes nothing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.configure({ notify: `{ name: fw1, channels: { mail: ${channelTo(1)} } }` });

  const { code, stdout } = await sandbox.cli('notify', '--print');

  assert.is(code, 0);
  assert.match(stdout, /^mail \(smtp\):\n {2}Subject: fw1: the controller is not running/);
  assert.match(stdout, /^the digest, as of now:\n {2}Subject: fw1: 0 bans in /m);
  assert.throws(() => statSync(join(sandbox.folder, 'notify')));
});

test('brings drift into the mailbox of a real server, once, although it is killed at any moment', async () => {
  await using server = await SmtpServerProcess.start();
  await using sandbox = await Sandbox.open();
  sandbox.configure({ notify: `{ name: fw1, channels: { mail: ${channelTo(server.port)} } }` });
  report(sandbox);
  tell(sandbox, bannedOf('203.0.113.7'));
  await using first = new Child(sandbox.command('notify'));
  await hasRead(sandbox);
  await server.stop();
  tell(sandbox, driftOf(Date.now()));
  await hasRead(sandbox);
  // With a message that no server took.
  await first.stop('SIGKILL');
  assert.match(readFileSync(statePath(sandbox), 'utf8'), '114 changes by iptables undone');

  await server.start();
  await using second = new Child(sandbox.command('notify'));
  await eventually(() => {
    assert.match(readFileSync(statePath(sandbox), 'utf8'), '"outgoing":null');
  });
  const code = await second.stop('SIGTERM');

  assert.is(code, 0);
  assert.equal(server.mails().length, 1);
  assert.match(server.mails()[0] ?? '', /^Subject: fw1: drift: 114 changes by iptables undone\r$/m);
});

test('tells by a real mail who flushed a chain of a running controller, and that nothing else is wrong', async () => {
  await using server = await SmtpServerProcess.start();
  await using sandbox = await Sandbox.open();
  sandbox.configure({ notify: `{ name: fw1, channels: { mail: ${channelTo(server.port)} } }` });
  sandbox.drop('web1', banText('203.0.113.7'));
  const controller = await sandbox.startController();
  await using messenger = new Child(sandbox.command('notify'));
  await eventually(() => readFileSync(statePath(sandbox), 'utf8'));

  await iptables(['-F', 'fail2ban-sshd']);

  await eventually(() => {
    assert.match(server.mails().join(''), /^Subject: fw1: drift: 2 changes by iptables\S* undone\r$/m);
  });
  assert.equal(server.mails().length, 1);
  assert.match(server.mails()[0] ?? '', 'fail2ban-sshd');
  const doctor = await sandbox.cli('doctor');
  assert.match(doctor.stdout, /^good {2}the channel mail took its last message/m);
  assert.is(await messenger.stop(), 0);
  await controller.stop();
});

test.run();
