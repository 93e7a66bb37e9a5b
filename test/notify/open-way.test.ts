import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HttpWay, Way } from '../../src/config/channel-section.ts';
import { openWay, type Ways } from '../../src/notify/open-way.ts';
import { testMessage } from '../../src/notify/preview-messages.ts';
import type { Sent } from '../../src/notify/settle.ts';
import { files } from '../../src/system/files/files.ts';
import { readSecret } from '../../src/system/files/read-secret.ts';
import { makeMail, sendMail, type MailServer } from '../../src/system/messages/mail.ts';
import type { Posted, Posting } from '../../src/system/messages/post.ts';
import { run } from '../../src/system/processes/run.ts';
import { NOON } from '../support/messenger.ts';

const test = suite('a way');

const MESSAGE = testMessage(NOON, { name: 'fw1', channel: 'ops' });

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'banspool-way-'));
}

function secret(text: string, mode = 0o600): string {
  const path = join(folder(), 'secret');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function waysWith(change: Partial<Ways>): Ways {
  const post = () => Promise.reject(new Error('nobody is asked'));
  return { files, readSecret, sendMail, makeMail, post, run, host: 'fw1', ...change };
}

async function sendOver(way: Way, change: Partial<Ways> = {}): Promise<Sent> {
  return openWay(waysWith(change), { way })(MESSAGE);
}

const hook = (url: string, change: Partial<HttpWay> = {}): Way => ({
  ...{ by: 'webhook', url, token: undefined, ca: undefined },
  ...change,
});

test('of a command gives it the message on its input, with no shell between', async () => {
  const target = join(folder(), 'got; rm -rf x');

  const sent = await sendOver({ by: 'command', command: ['/usr/bin/tee', target] });

  assert.is(sent.kind, 'sent');
  const got = JSON.parse(readFileSync(target, 'utf8')) as { subject: string };
  assert.is(got.subject, 'fw1: a test message of banspool');
});

test('of a command that fails, or is not there, says so and tries again', async () => {
  const failed = await sendOver({ by: 'command', command: ['/bin/sh', '-c', 'echo no network >&2; exit 3'] });
  const missing = await sendOver({ by: 'command', command: ['/nowhere/notify'] });

  assert.equal(failed, { kind: 'failed', why: '/bin/sh exits with 3: no network', isRefusal: false });
  assert.equal([missing.kind, missing.kind === 'failed' && missing.isRefusal], ['failed', false]);
});

test('of sendmail hands the mail over with its header, to whom the header names', async () => {
  const asked: { file: string; args: readonly string[]; input: string | undefined }[] = [];

  const sent = await sendOver(
    { by: 'sendmail', to: ['root@localhost'], from: undefined },
    {
      run: (file, args, options) => {
        asked.push({ file, args, input: options?.input });
        return Promise.resolve({ pid: 1, exitCode: 0, stdout: '', stderr: '' });
      },
    },
  );

  assert.is(sent.kind, 'sent');
  assert.equal(
    asked.map(({ file, args }) => [file, ...args]),
    [['/usr/sbin/sendmail', '-t', '-i']],
  );
  assert.match(
    asked[0]?.input ?? '',
    /^From: banspool@fw1\nTo: root@localhost\nSubject: fw1: a test message/m,
  );
});

test('of a URL reads it, and the token, from files that others cannot read', async () => {
  const asked: Posting[] = [];
  const post = (posting: Posting): Promise<Posted> => {
    asked.push(posting);
    return Promise.resolve({ status: 200, text: 'ok' });
  };
  const url = secret('https://hooks.example/T0/secret\n');

  const sent = await sendOver(hook(url, { token: secret('t0ken\n') }), { post });
  const open = await sendOver(hook(secret('https://hooks.example/', 0o644)), { post });
  const none = await sendOver(hook(secret('\n')), { post });
  const odd = await sendOver(hook(secret('hooks.example')), { post });

  assert.equal(sent, { kind: 'sent', answer: 'HTTP 200 ok' });
  assert.equal(
    asked.map((each) => [each.url, each.headers]),
    [['https://hooks.example/T0/secret', { authorization: 'Bearer t0ken' }]],
  );
  const words = [open, none, odd].map((each) => (each.kind === 'failed' ? each.why : each.answer));
  assert.match(words[0] ?? '', /is open to other users; fix: chmod 600/);
  assert.match(words[1] ?? '', /is missing or empty/);
  assert.match(words[2] ?? '', /^there is no URL in \/.*\/secret$/);
});

test('takes an answer of 400 for good, and of all else for now', async () => {
  const outcome = async (status: number): Promise<string> => {
    const sent = await sendOver(hook('https://a.example/'), {
      post: () => Promise.resolve({ status, text: 'x\u001by' }),
    });
    return sent.kind === 'sent' ? sent.answer : `${sent.isRefusal ? 'for good' : 'for now'}: ${sent.why}`;
  };

  assert.is(await outcome(204), 'HTTP 204 x y');
  for (const status of [400, 413, 422]) assert.is(await outcome(status), `for good: HTTP ${status} x y`);
  for (const status of [302, 401, 403, 404, 429, 500, 503])
    assert.is(await outcome(status), `for now: HTTP ${status} x y`);
});

test('of a mail server has the password of the file, and shows it to nobody', async () => {
  const asked: MailServer[] = [];
  const server = { host: 'mail.example', port: 587, user: 'fw1', secure: false };
  const way = { by: 'smtp', to: ['a@example.org'], from: undefined, server, ca: undefined } as const;
  const ways = {
    sendMail: (at: MailServer) => {
      asked.push(at);
      return Promise.reject(new Error('mail.example:587: Invalid login'));
    },
  };

  const sent = await sendOver({ ...way, password: secret('s3cret\n') }, ways);
  const missing = await sendOver({ ...way, password: '/nowhere/password' }, ways);

  assert.equal(
    asked.map(({ login }) => login),
    [{ user: 'fw1', password: 's3cret' }],
  );
  assert.not.match(JSON.stringify(sent), 's3cret');
  assert.match(JSON.stringify(missing), '/nowhere/password is missing or empty');
  assert.not(existsSync('/nowhere'));
});

test.run();
