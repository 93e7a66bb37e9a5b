/**
 * Sends a mail to a server over SMTP, or makes the text of one for another program. A server is waited for so long and
 * no longer, whatever it says. Header fields are encoded by nodemailer, which is loaded here alone.
 */
import type { SendMailOptions } from 'nodemailer';
import { BanspoolError, messageOf } from '../error.ts';
import { LATE, withPatience } from '../patience.ts';

/** Before anything is encoded. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Of the same mail always the same, so that one that comes twice is known as such. */
  readonly messageId: string;
  readonly date: Date;
  readonly isUrgent: boolean;
}

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the start; otherwise STARTTLS, where the server offers it. */
  readonly secure: boolean;
  /** Undefined: the server asks for none. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** The certificates that are believed; undefined: those of the system. */
  readonly ca: string | undefined;
  readonly patienceMs?: number;
}

/** Why the server does not take the mail: for now, or for good. */
export class MailRefused extends BanspoolError {
  readonly isForGood: boolean;

  constructor(message: string, isForGood: boolean) {
    super('command-failed', message);
    this.isForGood = isForGood;
  }
}

export type SendMail = (server: MailServer, mail: Mail) => Promise<string>;
export type MakeMail = (mail: Mail) => Promise<string>;

/** For all of it: a greylisting server answers at once, and one that is stopped never. */
const PATIENCE_MS = 60_000;

const LOOPBACK = /^(?:localhost|127\.[\d.]+|::1)$/;

/** What the server answered; throws a MailRefused. */
export const sendMail: SendMail = async (server, mail) => {
  const { host, port, secure, login, ca, patienceMs = PATIENCE_MS } = server;
  const { createTransport } = await import('nodemailer');
  const isLocal = LOOPBACK.test(host);
  const transport = createTransport({
    ...{ host, port, secure },
    // A server on this machine has a certificate that it made itself; whoever can listen there needs no certificate.
    ...(isLocal && !secure ? { ignoreTLS: true } : { requireTLS: login !== undefined }),
    ...(login !== undefined && { auth: { user: login.user, pass: login.password } }),
    ...(ca !== undefined && { tls: { ca } }),
    ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const sending = transport.sendMail(optionsOf(mail));
  try {
    const sent = await withPatience(sending, patienceMs);
    if (sent === LATE) {
      sending.catch(() => undefined);
      throw new MailRefused(`${host}:${port}: no answer for ${patienceMs / 1000} s`, false);
    }
    const refused = (sent.rejectedErrors ?? []).map((error) => messageOf(error));
    return [sent.response, ...refused].join('; ');
  } catch (error) {
    if (error instanceof MailRefused) throw error;
    throw new MailRefused(`${host}:${port}: ${messageOf(error)}`, isForGood(error));
  } finally {
    transport.close();
  }
};

/** With its header, as `sendmail -t` reads it. */
export const makeMail: MakeMail = async (mail) => {
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  const { message } = await transport.sendMail(optionsOf(mail));
  if (!Buffer.isBuffer(message)) throw new Error('nodemailer made no text');
  return message.toString('utf8');
};

function optionsOf({ from, to, subject, text, messageId, date, isUrgent }: Mail): SendMailOptions {
  return {
    ...{ from, to: [...to], subject, text, messageId, date },
    // No answers by programs that are on holiday.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    ...(isUrgent && { priority: 'high' }),
    ...{ disableFileAccess: true, disableUrlAccess: true },
  };
}

/** Of a wrong password a server says the same, and so of all mails. */
function isForGood(error: unknown): boolean {
  const { code, responseCode } = error as { readonly code?: unknown; readonly responseCode?: unknown };
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isOfMail && typeof responseCode === 'number' && responseCode >= 500 && responseCode < 600;
}
