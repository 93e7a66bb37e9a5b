import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MailRefused,
  makeMail,
  sendMail,
  type Mail,
  type MailServer,
} from '../../../src/system/messages/mail.ts';
import { outputOf } from '../../support/run-program.ts';
import { SmtpServerProcess } from '../../support/smtp-server.ts';

const test = suite('a mail');

function mailTo(...to: readonly string[]): Mail {
  return {
    ...{ from: 'banspool@fw1.example', to, subject: 'fw1: drift' },
    ...{
      text: 'iptables\n.\nand more\n',
      messageId: '<banspool-1-2@fw1>',
      date: new Date(0),
      isUrgent: false,
    },
  };
}

function serverAt(port: number, change: Partial<MailServer> = {}): MailServer {
  return { host: '127.0.0.1', port, secure: false, login: undefined, ca: undefined, ...change };
}

/** No address of this machine to the program, which trusts loopback. */
const REMOTE = { host: '10.77.0.1' };

/** Why it was not taken: for good, or for now. */
async function refusalOf(server: MailServer, mail: Mail): Promise<string> {
  try {
    return `taken: ${await sendMail(server, mail)}`;
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    return `${error.isForGood ? 'for good' : 'for now'}: ${error.message}`;
  }
}

test('arrives at a real server as it is, with what the server says to it', async () => {
  await using server = await SmtpServerProcess.start();

  const answer = await sendMail(serverAt(server.port), mailTo('admin@example.org', 'refused@example.org'));

  assert.match(answer, /^250 2\.0\.0 queued as 1; .*550 5\.1\.1 no such user/);
  const [mail = ''] = server.mails();
  assert.match(mail, /^Subject: fw1: drift\r$/m);
  assert.match(mail, /^Message-ID: <banspool-1-2@fw1>\r$/m);
  assert.match(mail, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(mail, '\r\n\r\niptables\r\n.\r\nand more\r\n');
});

test('that a server does not take says whether it will be taken later', async () => {
  await using server = await SmtpServerProcess.start();
  const at = serverAt(server.port);

  assert.match(await refusalOf(at, mailTo('refused@example.org')), /^for good: .*550 5\.1\.1 no such user/);
  assert.match(await refusalOf(at, mailTo('large@example.org')), /^for good: .*552 5\.3\.4 too large/);
  assert.match(await refusalOf(at, mailTo('later@example.org')), /^for now: .*451 4\.7\.1 greylisted/);
  assert.match(await refusalOf(at, mailTo('later@example.org')), /^for now: /);
  assert.match(await refusalOf(at, mailTo('later@example.org')), /^taken: 250 /);
});

test('waits for a server that is away, stopped or slow no longer than it may', async () => {
  await using server = await SmtpServerProcess.start();
  const mute = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => mute.once('listening', resolve));
  const { port } = mute.address() as { readonly port: number };

  assert.match(
    await refusalOf(serverAt(1), mailTo('admin@example.org')),
    /^for now: 127\.0\.0\.1:1: .*ECONNREFUSED/,
  );
  const patience = { patienceMs: 300 };
  assert.match(await refusalOf(serverAt(port, patience), mailTo('admin@example.org')), /^for now: /);
  assert.match(await refusalOf(serverAt(server.port, patience), mailTo('slow@example.org')), /^for now: /);
  mute.close();
});

test('with a password goes only through TLS, to a server whose certificate is believed', async () => {
  await outputOf(['ip', 'address', 'add', `${REMOTE.host}/32`, 'dev', 'lo']);
  const folder = mkdtempSync(join(tmpdir(), 'banspool-tls-'));
  const certificate = join(folder, 'server.pem');
  await outputOf([
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-keyout', certificate, '-out', join(folder, 'ca.pem'), '-days', '2', '-subj', '/CN=mail.test'],
    ...['-addext', 'subjectAltName=IP:10.77.0.1'],
  ]);
  const ca = readFileSync(join(folder, 'ca.pem'), 'utf8');
  await outputOf(['sh', '-c', 'cat "$1" >>"$2"', 'sh', join(folder, 'ca.pem'), certificate]);
  await using server = await SmtpServerProcess.start(certificate, REMOTE.host);
  await using plain = await SmtpServerProcess.start('', REMOTE.host);
  const login = (password: string) => ({ login: { user: 'fw1', password } });
  const mail = mailTo('admin@example.org');

  assert.match(
    await refusalOf(serverAt(server.port, { ...REMOTE, ...login('right'), ca }), mail),
    /^taken: 250 /,
  );
  assert.match(
    await refusalOf(serverAt(server.port, { ...REMOTE, ...login('wrong'), ca }), mail),
    /^for now: .*535/,
  );
  assert.match(
    await refusalOf(serverAt(server.port, { ...REMOTE, ...login('right') }), mail),
    /^for now: .*self-signed/,
  );
  assert.match(
    await refusalOf(serverAt(plain.port, { ...REMOTE, ...login('right') }), mail),
    /^for now: .*STARTTLS/,
  );
  assert.equal([server.mails().length, plain.mails().length], [1, 0]);
});

test('is made for another program with its header, each field in one line that nothing can break', async () => {
  const text = await makeMail({
    ...mailTo('admin@example.org'),
    subject: 'fw1: Ünicode\r\nBcc: x@example.org',
  });

  const [header = ''] = text.split('\n\n');
  assert.match(header, /^To: admin@example.org$/m);
  assert.not.match(header, /^Bcc:/m);
  assert.not.match(text, '\r');
});

test.run();
