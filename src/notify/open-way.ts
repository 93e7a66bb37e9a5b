/** How the messages of a channel leave: reads its secrets, gives the message its form, and says what came of it. */
import type { ChannelConfig, HttpWay, Way } from '../config/channel-section.ts';
import { messageOf, BanspoolError } from '../system/error.ts';
import type { ReadSecret } from '../system/files/read-secret.ts';
import type { Files } from '../system/files/files.ts';
import { MailRefused, type MakeMail, type SendMail } from '../system/messages/mail.ts';
import type { Post, Posted } from '../system/messages/post.ts';
import type { Run } from '../system/processes/run.ts';
import { jsonForm, programForm } from './forms/json-form.ts';
import { mailForm } from './forms/mail-form.ts';
import { clean, type Message } from './message.ts';
import type { Sent } from './settle.ts';

/** What reaches others, handed in. */
export interface Ways {
  readonly files: Pick<Files, 'read'>;
  readonly readSecret: ReadSecret;
  readonly sendMail: SendMail;
  readonly makeMail: MakeMail;
  readonly post: Post;
  readonly run: Run;
  readonly host: string;
}

export type Send = (message: Message) => Promise<Sent>;

/** Where Debian and others have it, whichever mail server it is of. */
const SENDMAIL = '/usr/sbin/sendmail';

/** Of an answer. */
const MOST_TOLD = 200;

/** Never throws: what goes wrong is what came of it. */
export function openWay(ways: Ways, { way }: Pick<ChannelConfig, 'way'>): Send {
  return async (message) => {
    try {
      return await send(ways, way, message);
    } catch (error) {
      const isRefusal = error instanceof MailRefused && error.isForGood;
      return { kind: 'failed', why: clean(messageOf(error), MOST_TOLD), isRefusal };
    }
  };
}

async function send(ways: Ways, way: Way, message: Message): Promise<Sent> {
  switch (way.by) {
    case 'smtp': {
      const { host, port, secure, user } = way.server;
      const password = way.password === undefined ? undefined : await secretAt(ways, way.password);
      const login = user === undefined || password === undefined ? undefined : { user, password };
      const ca = await certificatesAt(ways, way.ca);
      const answer = await ways.sendMail(
        { host, port, secure, login, ca },
        mailForm(message, { ...way, ...ways }),
      );
      return { kind: 'sent', answer: clean(answer, MOST_TOLD) };
    }
    case 'sendmail': {
      const input = await ways.makeMail(mailForm(message, { ...way, ...ways }));
      return runWith(ways, [SENDMAIL, '-t', '-i'], input);
    }
    case 'command':
      return runWith(ways, way.command, programForm(message));
    case 'webhook':
    case 'ntfy':
    case 'slack':
    case 'matrix':
      return postTo(ways, way, message);
  }
}

async function postTo(ways: Ways, way: HttpWay, message: Message): Promise<Sent> {
  const place = way.url.startsWith('/') ? await secretAt(ways, way.url) : way.url;
  if (!URL.canParse(place)) throw new BanspoolError('config', `there is no URL in ${way.url}`);
  const { url, body } = jsonForm(way.by, message, place);
  const headers =
    way.token === undefined ? {} : { authorization: `Bearer ${await secretAt(ways, way.token)}` };
  return outcomeOf(await ways.post({ url, body, headers, ca: await certificatesAt(ways, way.ca) }));
}

/** What is asked for too early, or too often, may be asked for again. */
function outcomeOf({ status, text }: Posted): Sent {
  const answer = clean(`HTTP ${status} ${text}`, MOST_TOLD);
  if (status >= 200 && status < 300) return { kind: 'sent', answer };
  const isRefusal = status >= 400 && status < 500 && ![401, 403, 404, 408, 425, 429].includes(status);
  return { kind: 'failed', why: answer, isRefusal };
}

async function runWith(
  ways: Ways,
  [program = '', ...words]: readonly string[],
  input: string,
): Promise<Sent> {
  const { exitCode, stdout, stderr } = await ways.run(program, words, { input });
  const said = clean(stderr.length === 0 ? stdout : stderr, MOST_TOLD);
  if (exitCode === 0) return { kind: 'sent', answer: clean(`${program} exits with 0 ${said}`, MOST_TOLD) };
  return {
    kind: 'failed',
    why: clean(`${program} exits with ${exitCode}: ${said}`, MOST_TOLD),
    isRefusal: false,
  };
}

async function secretAt({ readSecret }: Ways, path: string): Promise<string> {
  const text = (await readSecret(path))?.trim();
  if (text === undefined || text === '') throw new BanspoolError('config', `${path} is missing or empty`);
  return text;
}

async function certificatesAt({ files }: Ways, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await files.read(path);
  if (text === undefined) throw new BanspoolError('config', `${path} is missing`);
  return text;
}
