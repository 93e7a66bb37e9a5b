/** One of the channels under `notify` in the config: by which way a message goes, to whom, and which messages. */
import * as v from 'valibot';
import { ALL_TOPICS, USUAL_TOPICS, type Topic } from './topics.ts';
import { expected } from '../yaml/expected.ts';
import { CHANNEL_KEYS } from './config-keys.ts';
import { keysMessage, lengthWithin, oneOf, path } from './fields.ts';

export interface ChannelConfig {
  readonly name: string;
  readonly events: readonly Topic[];
  /** Milliseconds in which everything becomes one message. */
  readonly group: number;
  /** The most messages in an hour. */
  readonly limit: number;
  readonly way: Way;
}

/** How a message goes out. Secrets are in files. */
export type Way =
  | ({ readonly by: 'smtp'; readonly to: readonly string[]; readonly from: string | undefined } & SmtpWay)
  | { readonly by: 'sendmail'; readonly to: readonly string[]; readonly from: string | undefined }
  | HttpWay
  | { readonly by: 'command'; readonly command: readonly string[] };

interface SmtpWay {
  readonly server: SmtpServer;
  readonly password: string | undefined;
  readonly ca: string | undefined;
}

interface SmtpServer {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  /** TLS from the first byte. */
  readonly secure: boolean;
}

export interface HttpWay {
  readonly by: 'webhook' | 'ntfy' | 'slack' | 'matrix';
  /** A URL, or the path of the file with it. */
  readonly url: string;
  readonly token: string | undefined;
  readonly ca: string | undefined;
}

const WAYS = ['smtp', 'sendmail', 'webhook', 'ntfy', 'slack', 'matrix', 'command'] as const;

type ChannelKey = keyof typeof CHANNEL_KEYS;

/** What each way needs, and what it may have beside what all have. */
const KEYS_OF_WAYS: Readonly<
  Record<(typeof WAYS)[number], { readonly needs: ChannelKey; readonly has: readonly ChannelKey[] }>
> = {
  smtp: { needs: 'to', has: ['from', 'server', 'password', 'ca'] },
  sendmail: { needs: 'to', has: ['from'] },
  webhook: { needs: 'url', has: ['token', 'ca'] },
  ntfy: { needs: 'url', has: ['token', 'ca'] },
  slack: { needs: 'url', has: ['ca'] },
  matrix: { needs: 'url', has: ['ca'] },
  command: { needs: 'command', has: [] },
};

const OF_ALL: readonly ChannelKey[] = ['by', 'events', 'group', 'limit'];

const ADDRESS_WORDS = 'a mail address such as admin@example.org or root@localhost';
const SERVER = 'a mail server such as smtp://localhost:25, smtp://user@host:587 or smtps://user@host';
const URL_WORDS = 'a URL that begins with https:// or http://, or the absolute path of a file with one';

/** Nothing that a mail program could take for an option or a second address; nodemailer leaves out what has no @. */
const ADDRESS =
  /^[\w.!#$%&*+/=?^`{|}~][\w.!#$%&'*+/=?^`{|}~-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;

/** The server is trusted with a password that is not here: everyone may read the config. */
const SERVER_URL = /^(smtps?):\/\/(?:([\w.+%@-]+)@)?([A-Za-z0-9_][\w.-]*|\[[\dA-Fa-f:.]+\])(?::(\d{1,5}))?$/;

const HTTP_URL = /^https?:\/\/[^\s@/]+(?:\/\S*)?$/;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_ADDRESSES = 50;
const MOST_AN_HOUR = 1000;

const address = v.pipe(v.string(expected(ADDRESS_WORDS)), v.regex(ADDRESS, expected(ADDRESS_WORDS)));

const url = v.pipe(
  v.string(expected(URL_WORDS)),
  v.check((text) => text.startsWith('/') || HTTP_URL.test(text), expected(URL_WORDS)),
);

function listOf<const T extends v.GenericSchema>(item: T, what: string, most: number) {
  return v.pipe(
    v.array(item, expected(what)),
    v.minLength(1, expected(what)),
    v.maxLength(most, expected(what)),
  );
}

const addresses = v.pipe(
  v.union(
    [
      v.pipe(
        v.string(),
        v.transform((one) => [one]),
      ),
      v.array(v.string()),
    ],
    expected(ADDRESS_WORDS),
  ),
  v.minLength(1, expected(ADDRESS_WORDS)),
  v.maxLength(MAX_ADDRESSES, expected(`a list of at most ${MAX_ADDRESSES} mail addresses`)),
  v.everyItem((one) => ADDRESS.test(one), expected(ADDRESS_WORDS)),
);

const command = v.pipe(
  listOf(v.string(expected('a word of a command')), 'a list of words that begins with a path', 50),
  v.check(
    ([program = '']) => program.startsWith('/'),
    expected('a command that begins with an absolute path'),
  ),
);

const limit = v.pipe(
  v.number(expected('a number of messages')),
  v.integer(expected('a whole number')),
  v.minValue(1, expected(`1 to ${MOST_AN_HOUR} messages an hour`)),
  v.maxValue(MOST_AN_HOUR, expected(`1 to ${MOST_AN_HOUR} messages an hour`)),
);

const events = listOf(oneOf(...ALL_TOPICS), `a list of ${ALL_TOPICS.join(', ')}`, 50);

export const channelSchema = v.pipe(
  v.strictObject(
    {
      by: oneOf(...WAYS),
      to: v.optional(addresses),
      from: v.optional(address),
      server: v.optional(v.pipe(v.string(expected(SERVER)), v.regex(SERVER_URL, expected(SERVER)))),
      password: v.optional(path),
      url: v.optional(url),
      token: v.optional(path),
      ca: v.optional(path),
      command: v.optional(command),
      events: v.optional(events, [...USUAL_TOPICS]),
      group: v.optional(lengthWithin(0, DAY_MS, 'a time from 0s to 1d'), CHANNEL_KEYS.group.default),
      limit: v.optional(limit, Number(CHANNEL_KEYS.limit.default)),
    } satisfies Record<ChannelKey, v.GenericSchema>,
    keysMessage(CHANNEL_KEYS),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { by, ...rest } = dataset.value;
    const { needs, has } = KEYS_OF_WAYS[by];
    const hasUser = serverOf(rest.server ?? CHANNEL_KEYS.server.default).user !== undefined;
    if (by === 'smtp' && hasUser && rest.password === undefined)
      addIssue({ message: 'a server with a user needs password, the file with it' });
    if (by === 'smtp' && !hasUser && rest.password !== undefined)
      addIssue({ message: 'password needs a server with a user, such as smtp://user@host' });
    if (rest[needs as keyof typeof rest] === undefined) addIssue({ message: `by: ${by} needs ${needs}` });
    for (const key of Object.keys(rest)) {
      if (rest[key as keyof typeof rest] === undefined) continue;
      if (![...OF_ALL, needs, ...has].includes(key as ChannelKey))
        addIssue({ message: `${key} is not a key of by: ${by}, which has ${[needs, ...has].join(', ')}` });
    }
  }),
);

type ReadChannel = v.InferOutput<typeof channelSchema>;

/** With its defaults. */
export function channelOf(name: string, channel: ReadChannel): ChannelConfig {
  const { events: topics, group, limit: most } = channel;
  return { name, events: topics, group, limit: most, way: wayOf(channel) };
}

function wayOf(channel: ReadChannel): Way {
  const { by, to = [], from, url: place = '', password, token, ca, command: words = [] } = channel;
  switch (by) {
    case 'smtp':
      return { by, to, from, server: serverOf(channel.server ?? CHANNEL_KEYS.server.default), password, ca };
    case 'sendmail':
      return { by, to, from };
    case 'webhook':
    case 'ntfy':
    case 'slack':
    case 'matrix':
      return { by, url: place, token, ca };
    case 'command':
      return { by, command: words };
  }
}

/** With the port that mail has: 25 for a server that asks for no name, 587 for one that does, 465 for TLS. */
function serverOf(text: string): SmtpServer {
  const [, scheme, user, host = '', port] = SERVER_URL.exec(text) ?? [];
  const secure = scheme === 'smtps';
  const usual = secure ? 465 : user === undefined ? 25 : 587;
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? usual : Number(port),
    user: user === undefined ? undefined : decodeURIComponent(user),
    secure,
  };
}
