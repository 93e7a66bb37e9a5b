/** A message as a mail. Pure. */
import type { Mail } from '../../system/messages/mail.ts';
import type { Message } from '../message.ts';

interface Envelope {
  readonly from: string | undefined;
  readonly to: readonly string[];
  /** Of this machine. */
  readonly host: string;
}

/** A mail of it; a second one of the same message has the same id. */
export function mailForm({ id, at, subject, lines, level }: Message, { from, to, host }: Envelope): Mail {
  return {
    ...{ from: from ?? `banspool@${host}`, to, subject },
    text: `${lines.join('\n')}\n`,
    messageId: `<banspool-${id}-${at}@${host}>`,
    date: new Date(at),
    isUrgent: level === 'alarm',
  };
}
