/** contact.json: whether each channel reaches whom it tells. The messenger writes it, doctor reads it. */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Files } from '../system/files/files.ts';
import { readJson } from '../yaml/read-json.ts';
import { clean } from './message.ts';
import type { NotifyState } from './state.ts';

const channelSchema = v.object({
  name: v.string(),
  /** In milliseconds since 1970; null: never. */
  lastSuccess: v.nullable(v.number()),
  /** Since when a message is waiting that could not be sent; null: none is. */
  waitingSince: v.nullable(v.number()),
  failure: v.nullable(v.string()),
  lost: v.number(),
});

const schema = v.object({ at: v.number(), channels: v.array(channelSchema) });

type NotifyContact = v.InferOutput<typeof schema>;
export type ChannelContact = v.InferOutput<typeof channelSchema>;

const MAX_BYTES = 64 * 1024;

export function contactOf({ channels }: Pick<NotifyState, 'channels'>): readonly ChannelContact[] {
  return Object.entries(channels).map(([name, { lastSuccess, outgoing, lost }]) => {
    const failure = outgoing?.failure ?? null;
    return {
      name,
      lastSuccess,
      waitingSince: failure === null ? null : (outgoing?.message.at ?? null),
      failure,
      lost,
    };
  });
}

export function encodeContact(at: number, channels: readonly ChannelContact[]): string {
  return `${JSON.stringify({ at, channels })}\n`;
}

/** Undefined if it is missing, unreadable or malformed; its texts are clean. */
export async function readNotifyContact(
  files: Pick<Files, 'readAtMost'>,
  folder: string,
): Promise<NotifyContact | undefined> {
  const text = await files.readAtMost(join(folder, 'contact.json'), MAX_BYTES).catch(() => undefined);
  const read = text === undefined ? undefined : readJson(schema, text);
  return (
    read && {
      at: read.at,
      channels: read.channels.map((channel) => ({
        ...channel,
        name: clean(channel.name),
        failure: channel.failure === null ? null : clean(channel.failure),
      })),
    }
  );
}
