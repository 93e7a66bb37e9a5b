/**
 * Debian's aiosmtpd on the loopback of a test's own namespace. What comes of a mail is for its address to say: `admin`
 * gets it; `refused` is not known; `later` is greylisted twice; `large` has too much; for `slow` nothing is answered.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';
import { eventually } from './eventually.ts';
import { requirePrivateNetwork } from './namespaces.ts';

const SCRIPT = `
import asyncio, os, ssl, sys
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

host, port, folder, certificate = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]

class Handler:
    tries = 0
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith('refused@'):
            return '550 5.1.1 no such user'
        if address.startswith('later@'):
            self.tries += 1
            if self.tries <= 2:
                return '451 4.7.1 greylisted, come back later'
        envelope.rcpt_tos.append(address)
        return '250 2.1.5 ok'

    async def handle_DATA(self, server, session, envelope):
        if any(each.startswith('slow@') for each in envelope.rcpt_tos):
            await asyncio.sleep(3600)
        if any(each.startswith('large@') for each in envelope.rcpt_tos):
            return '552 5.3.4 too large'
        self.count += 1
        with open(os.path.join(folder, '.mail'), 'wb') as file:
            file.write(envelope.content)
        os.rename(os.path.join(folder, '.mail'), os.path.join(folder, '%04d' % self.count))
        return '250 2.0.0 queued as %d' % self.count

def authenticate(server, session, envelope, mechanism, data):
    isRight = getattr(data, 'password', b'') == b'right'
    return AuthResult(success=isRight, handled=isRight)

options = {}
if certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    options = dict(tls_context=context, require_starttls=True, authenticator=authenticate, auth_required=True)
controller = Controller(Handler(), hostname=host, port=port, **options)
controller.start()
print('ready', flush=True)
import threading
threading.Event().wait()
`;

/** Each server of a test has another one. */
let lastPort = 2500;

export class SmtpServerProcess implements AsyncDisposable {
  readonly port = (lastPort += 1);
  readonly #folder = mkdtempSync(join(tmpdir(), 'banspool-smtp-'));
  readonly #certificate: string;
  readonly #host: string;
  #child: Child | undefined;

  private constructor(certificate: string, host: string) {
    requirePrivateNetwork();
    this.#certificate = certificate;
    this.#host = host;
  }

  /** With a certificate it asks for STARTTLS, and for the password `right`. */
  static async start(certificate = '', host = '127.0.0.1'): Promise<SmtpServerProcess> {
    const server = new SmtpServerProcess(certificate, host);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    // Not the one of a person's own, which may come first in PATH.
    const words = [this.#host, String(this.port), this.#folder, this.#certificate];
    const child = new Child(['/usr/bin/python3', '-c', SCRIPT, ...words]);
    this.#child = child;
    await eventually(() => {
      if (!child.stdout.includes('ready')) throw new Error(`no server: ${child.stderr}`);
    });
  }

  async stop(): Promise<void> {
    await this.#child?.stop('SIGKILL');
  }

  /** All that came, oldest first, as they were on the wire. */
  mails(): readonly string[] {
    return readdirSync(this.#folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
      .map((name) => readFileSync(join(this.#folder, name), 'utf8'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
