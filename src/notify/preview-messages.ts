/** What `banspool notify --print` shows, and the message of `--test`. Nothing is sent or written. */
import type { ChannelConfig } from '../config/channel-section.ts';
import { decide, type Manner } from './decide.ts';
import { digestMessage } from './digest.ts';
import type { Message } from './message.ts';
import { look, readState, type NotifyWorld } from './run-notify.ts';
import { emptyState } from './state.ts';

/** Every message that would go out, as text: what waits now, without waiting longer, and the digest as of now. */
export async function previewMessages(world: NotifyWorld, manner: Manner): Promise<string> {
  const { config } = manner;
  const state = (await readState(world, config.folder)) ?? emptyState(world.now());
  const seen = look(world, state);
  const impatient: Manner = {
    ...manner,
    config: {
      ...config,
      after: 0,
      channels: config.channels.map((channel) => ({ ...channel, group: 0, limit: Infinity })),
    },
  };
  const next = decide(state, seen, impatient);
  const digest = digestMessage(next, seen, { ...manner, id: next.next });
  const texts = config.channels.map((channel) => {
    const outgoing = next.channels[channel.name]?.outgoing ?? null;
    const lines = outgoing === null ? ['  nothing'] : shown(outgoing.message);
    return textOf(channel, lines);
  });
  return [...texts, `the digest, as of now:\n${shown(digest).join('\n')}\n`].join('\n');
}

export function testMessage(
  now: number,
  { name, channel }: Pick<Manner, 'name'> & { readonly channel: string },
): Message {
  return {
    ...{ id: 'test', at: now, kind: 'test', level: 'info', facts: [] },
    subject: `${name}: a test message of banspool`,
    lines: [`banspool notify --test sent this over the channel ${channel}.`, 'Nothing is wrong.'],
  };
}

function textOf({ name, way }: ChannelConfig, lines: readonly string[]): string {
  return `${name} (${way.by}):\n${lines.join('\n')}\n`;
}

function shown({ subject, lines }: Message): readonly string[] {
  return [`  Subject: ${subject}`, '', ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}
