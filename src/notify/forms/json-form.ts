/** A message as JSON: for programs, and in the forms that ntfy, Slack and Matrix take. Pure. */
import type { HttpWay } from '../../config/channel-section.ts';
import { cut } from '../../domain/printable.ts';
import { isoTime } from '../../yaml/time.ts';
import type { Level, Message } from '../message.ts';

interface Request {
  readonly url: string;
  readonly body: string;
}

/** What is posted where. Throws where the URL is none that the form can be posted to. */
export function jsonForm(by: HttpWay['by'], message: Message, url: string): Request {
  switch (by) {
    case 'webhook':
      return { url, body: programForm(message) };
    case 'ntfy':
      return ntfyForm(message, url);
    case 'slack':
      return { url, body: JSON.stringify(slackForm(message)) };
    case 'matrix':
      return { url, body: JSON.stringify(matrixForm(message)) };
  }
}

/** For programs: every fact with its times, and the text for people. */
export function programForm({ id, at, kind, level, subject, lines, facts }: Message): string {
  const told = facts.map(({ since, until, lines: text, ...fact }) => ({
    ...fact,
    since: isoTime(since),
    until: until === null ? null : isoTime(until),
    text: text.join('\n'),
  }));
  return JSON.stringify({
    ...{ version: 1, id, time: isoTime(at), kind, level, subject, text: lines.join('\n') },
    facts: told,
  });
}

/** ntfy makes a file of a message over 4,096 bytes. */
const NTFY_CHARACTERS = 1_000;

const NTFY: Readonly<Record<Level, { readonly priority: number; readonly tags: readonly string[] }>> = {
  alarm: { priority: 4, tags: ['rotating_light'] },
  warning: { priority: 3, tags: ['warning'] },
  over: { priority: 3, tags: ['white_check_mark'] },
  info: { priority: 2, tags: [] },
};

/** To the root of the server: there all is JSON, and nothing a header. */
function ntfyForm({ subject, lines, level }: Message, url: string): Request {
  const target = new URL(url);
  const [topic = '', ...above] = target.pathname.split('/').reverse();
  target.pathname = above.reverse().join('/');
  const message = shortened(lines.join('\n'), NTFY_CHARACTERS);
  return { url: target.href, body: JSON.stringify({ topic, title: subject, message, ...NTFY[level] }) };
}

/** A block has room for 3,000 characters. */
const SLACK_CHARACTERS = 2_900;

/** Plain text: Slack makes no links, mentions or letters of it. `text` is what a notification shows. */
function slackForm({ subject, lines }: Message): unknown {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
  return {
    text: subject.replace(/[&<>]/g, (character) => ENTITIES[character] ?? ''),
    mrkdwn: false,
    ...{ unfurl_links: false, unfurl_media: false },
    blocks: [
      { type: 'header', text: plain(shortened(subject, 150)) },
      { type: 'section', text: plain(shortened(lines.join('\n'), SLACK_CHARACTERS)) },
    ],
  };
}

const MATRIX_CHARACTERS = 8_000;

/** As hookshot takes it: `html` is shown as it is, and `text` where there is no HTML. Nobody is mentioned. */
function matrixForm({ subject, lines }: Message): unknown {
  const text = shortened(lines.join('\n'), MATRIX_CHARACTERS).replaceAll('@room', '@ room');
  const title = subject.replaceAll('@room', '@ room');
  return {
    text: `${title}\n${text}`,
    html: `<strong>${escaped(title)}</strong><br/>${escaped(text).replaceAll('\n', '<br/>')}`,
    username: 'banspool',
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${cut(text, most - 1)}…`;
}
