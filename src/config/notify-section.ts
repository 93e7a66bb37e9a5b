/** `notify` of the config: who is told what, and by which way. */
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { expected } from '../yaml/expected.ts';
import { channelOf, channelSchema, type ChannelConfig } from './channel-section.ts';
import { CONFIG_KEYS, NOTIFY_KEYS } from './config-keys.ts';
import { keysMessage, lengthWithin, path } from './fields.ts';

export interface NotifyConfig {
  /** How messages call this firewall; undefined: by its host name. */
  readonly name: string | undefined;
  /** Minutes after midnight, local time. */
  readonly digest: number;
  /** Milliseconds that something is wrong before it is told. */
  readonly after: number;
  /** Milliseconds after which a server is silent; Infinity: none ever is. */
  readonly silent: number;
  readonly folder: string;
  readonly channels: readonly ChannelConfig[];
}

/** Milliseconds after which a server is silent, also where nobody is sent messages; Infinity: none ever is. */
export function silentAfter({ notify }: { readonly notify: NotifyConfig | undefined }): number {
  return notify === undefined ? SILENT_MS : notify.silent;
}

/** The default of `silent`; systemd/examples/alerts.yaml waits as long. */
const SILENT_MS = 3_600_000;

const FIREWALL = 'a name of at most 63 characters of A-Z a-z 0-9 . _ -';
const FIREWALL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const NAME = 'the name of a channel: 1-32 characters of a-z 0-9 -, beginning with a letter or digit';
const CHANNEL_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

const MAX_CHANNELS = 20;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const clock = v.pipe(
  v.string(expected('a time of the day such as "07:00", in quotes')),
  v.regex(CLOCK, expected('a time of the day such as "07:00", in quotes')),
  v.transform((text) => {
    const [, hours, minutes] = CLOCK.exec(text) ?? [];
    return Number(hours) * 60 + Number(minutes);
  }),
);

const silent = v.union([
  v.pipe(
    v.literal('never'),
    v.transform(() => Infinity),
  ),
  lengthWithin(MINUTE_MS, 366 * DAY_MS, 'a time from 1m to 1y, or never'),
]);

const channels = v.pipe(
  v.record(
    v.pipe(v.string(), v.regex(CHANNEL_NAME, expected(NAME))),
    channelSchema,
    expected('a mapping of channels'),
  ),
  v.check((read) => Object.keys(read).length > 0, 'expected at least one channel'),
  v.check((read) => Object.keys(read).length <= MAX_CHANNELS, `expected at most ${MAX_CHANNELS} channels`),
);

export const notifySchema = v.strictObject(
  {
    channels,
    name: v.optional(v.pipe(v.string(expected(FIREWALL)), v.regex(FIREWALL_NAME, expected(FIREWALL)))),
    digest: v.optional(clock, NOTIFY_KEYS.digest.default),
    after: v.optional(lengthWithin(0, DAY_MS, 'a time from 0s to 1d'), NOTIFY_KEYS.after.default),
    silent: v.optional(silent, NOTIFY_KEYS.silent.default),
    folder: v.optional(path),
  } satisfies Record<keyof typeof NOTIFY_KEYS, v.GenericSchema>,
  keysMessage(NOTIFY_KEYS),
);

/** Its folder is beside the state, but for the packages, where only the unit's own user may write into it. */
export function notifyOf(read: v.InferOutput<typeof notifySchema>, state: string): NotifyConfig {
  const isPackaged = state === CONFIG_KEYS.state.default;
  return {
    name: read.name,
    digest: read.digest,
    after: read.after,
    silent: read.silent,
    folder: read.folder ?? (isPackaged ? '/var/lib/banspool-notify' : join(dirname(state), 'notify')),
    channels: Object.entries(read.channels).map(([name, channel]) => channelOf(name, channel)),
  };
}
