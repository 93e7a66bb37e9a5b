/**
 * The loop of the messenger: looks at the feed and at status.json, writes down what is to be told, and sends it. What
 * is known is on disk before a message goes out and after it went: a crash in between sends that one message twice, and
 * loses none.
 */
import { dirname, join } from 'node:path';
import type { ChannelConfig } from '../config/channel-section.ts';
import { feedFolder } from '../feed/feed.ts';
import { endOfFeed, readOn } from '../feed/follow.ts';
import { readRecord, statusPath } from '../status/chronicle.ts';
import { Bell } from '../system/bell.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { access } from '../system/files/access.ts';
import { withPatience } from '../system/patience.ts';
import type { World } from '../world/world.ts';
import { contactOf, encodeContact } from './contact.ts';
import { decide, type Look, type Manner } from './decide.ts';
import type { Send } from './open-way.ts';
import { isDue, settle, type Outcome } from './settle.ts';
import { decodeState, emptyState, encodeState, type NotifyState } from './state.ts';

export type NotifyWorld = Pick<World, 'config' | 'files' | 'log' | 'now'>;

interface RunOptions {
  readonly manner: Manner;
  readonly openSend: (channel: ChannelConfig) => Send;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly every?: number;
}

/** Between two looks. */
const LOOK_MS = 5_000;

/** At the end, for servers that are being spoken with. */
const LEAVE_MS = 5_000;

const CONTACT_EVERY_MS = 60_000;

/** Runs until `signal`. */
export async function runNotify(world: NotifyWorld, options: RunOptions): Promise<void> {
  const messenger = new Messenger(world, options);
  await messenger.open();
  await messenger.run();
}

/** The state of the last time; undefined: there is none. */
export async function readState(
  { files }: Pick<NotifyWorld, 'files'>,
  folder: string,
): Promise<NotifyState | undefined> {
  const text = await files.read(statePath(folder));
  return text === undefined ? undefined : decodeState(text);
}

/** What is seen now, and how far the feed is read then. */
export function look(
  { config, now }: Pick<NotifyWorld, 'config' | 'now'>,
  { cursor }: Pick<NotifyState, 'cursor'>,
): Look & { readonly cursor: NonNullable<NotifyState['cursor']> } {
  const folder = feedFolder(config);
  // A controller that ran must not look like one that never did.
  if (access(statusPath(config), 'open') === 'forbidden')
    throw new BanspoolError('io', `this user cannot read ${statusPath(config)}`, {
      hint: 'run it as root, or as a member of the group that owns the file',
    });
  const record = readRecord(config);
  // Who is new is told of what is to come.
  if (cursor === null) return { now: now(), events: [], isPartial: false, record, cursor: endOfFeed(folder) };
  const { events, lost, cursor: next } = readOn(folder, cursor);
  return { now: now(), events, isPartial: lost, record, cursor: next };
}

const statePath = (folder: string): string => join(folder, 'private/state.json');

/** After a start, at once: what was wrong may be corrected. */
function tryAgain(state: NotifyState): NotifyState {
  const channels = Object.entries(state.channels).map(([name, channel]) => {
    const outgoing = channel.outgoing && { ...channel.outgoing, notBefore: 0 };
    return [name, { ...channel, outgoing }] as const;
  });
  return { ...state, channels: Object.fromEntries(channels) };
}

class Messenger {
  readonly #world: NotifyWorld;
  readonly #options: RunOptions;
  readonly #bell = new Bell();
  readonly #folder: string;
  readonly #sending = new Map<string, Promise<void>>();
  readonly #outcomes: Outcome[] = [];
  #state: NotifyState;
  #saved = '';
  /** What was logged last. */
  #trouble: string | undefined;
  #contact = { text: '', at: -Infinity };

  constructor(world: NotifyWorld, options: RunOptions) {
    this.#world = world;
    this.#options = options;
    this.#folder = options.manner.config.folder;
    this.#state = emptyState(world.now());
    options.signal.addEventListener('abort', () => {
      this.#bell.ring();
    });
  }

  async open(): Promise<void> {
    const { files, log } = this.#world;
    // doctor reads contact.json; what is told is nobody else's business.
    await files.makeOpenFolder(this.#folder);
    await files.makeFolder(dirname(statePath(this.#folder)), 0o700);
    const state = await readState(this.#world, this.#folder);
    if (state !== undefined) this.#state = tryAgain(state);
    else if ((await files.read(statePath(this.#folder))) !== undefined)
      log.warn(
        `${statePath(this.#folder)} is damaged; what waited is lost, and messages begin with what is wrong now`,
      );
  }

  async run(): Promise<void> {
    const { signal, every = LOOK_MS } = this.#options;
    while (!signal.aborted) {
      await this.#step();
      await this.#bell.wait(every);
    }
    // A message that is on its way then is sent again after the next start.
    await withPatience(Promise.all(this.#sending.values()), LEAVE_MS);
    this.#settle();
    await this.#save();
  }

  async #step(): Promise<void> {
    const { log } = this.#world;
    try {
      this.#settle();
      const seen = look(this.#world, this.#state);
      this.#state = { ...decide(this.#state, seen, this.#options.manner), cursor: seen.cursor };
      await this.#save();
      this.#send();
      await this.#writeContact();
      this.#trouble = undefined;
    } catch (error) {
      // Such as a full disk: what is not written down is not sent, and is looked at again.
      const trouble = messageOf(error);
      if (trouble !== this.#trouble) log.error(trouble);
      this.#trouble = trouble;
    }
  }

  async #save(): Promise<void> {
    const text = encodeState(this.#state);
    if (text === this.#saved) return;
    await this.#world.files.write(statePath(this.#folder), text);
    this.#saved = text;
  }

  #send(): void {
    const { manner, openSend } = this.#options;
    for (const channel of manner.config.channels) {
      const outgoing = this.#state.channels[channel.name]?.outgoing ?? null;
      if (outgoing === null || this.#sending.has(channel.name) || !isDue(outgoing, this.#world.now()))
        continue;
      const { message } = outgoing;
      const sending = openSend(channel)(message).then((sent) => {
        this.#outcomes.push({ channel: channel.name, id: message.id, sent, now: this.#world.now() });
        this.#bell.ring();
      });
      this.#sending.set(channel.name, sending);
    }
  }

  /** Here alone, between two looks: one writer at a time. */
  #settle(): void {
    const { log } = this.#world;
    for (const outcome of this.#outcomes.splice(0)) {
      const { channel, id, sent } = outcome;
      this.#sending.delete(channel);
      const { state, isLost } = settle(this.#state, outcome);
      this.#state = state;
      if (sent.kind === 'sent') log.info(`${channel}: sent message ${id}: ${sent.answer}`);
      else log.warn(`${channel}: message ${id} is not sent: ${sent.why}${isLost ? '; it is given up' : ''}`);
    }
  }

  /** For `doctor`, once a minute and whenever a channel turns. */
  async #writeContact(): Promise<void> {
    const now = this.#world.now();
    const contact = contactOf(this.#state);
    const text = JSON.stringify(contact);
    if (text === this.#contact.text && Math.abs(now - this.#contact.at) < CONTACT_EVERY_MS) return;
    this.#contact = { text, at: now };
    await this.#world.files.write(join(this.#folder, 'contact.json'), encodeContact(now, contact));
  }
}
