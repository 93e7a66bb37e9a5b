import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonForm, programForm } from '../../../src/notify/forms/json-form.ts';
import { mailForm } from '../../../src/notify/forms/mail-form.ts';
import type { Message } from '../../../src/notify/message.ts';
import { bannedOf, channelOf, MINUTE, refusedOf, TestMessenger } from '../../support/messenger.ts';

const test = suite('a message in JSON');

const EVERYTHING = ['ban', 'refused', 'drift'] as const;

/** The message of what servers sent with such words in it. */
function messageWith(...texts: readonly string[]): Message {
  const messenger = new TestMessenger({ channels: [channelOf({ events: EVERYTHING })] });
  messenger.step(
    texts.flatMap((words) => [
      refusedOf('web1', { reason: words, file: words, code: words }),
      bannedOf('203.0.113.7', { jail: words, reason: words }),
    ]),
  );
  messenger.now += MINUTE;
  messenger.step();
  const [sent] = messenger.sent;
  if (sent === undefined) throw new Error('nothing was sent');
  return sent.message;
}

/** Markup, mentions, ends of lines and of headers, control and bidi characters, quotes. */
const HOSTILE = [
  '\r\nBcc: victim@example.org',
  '<!channel> <@U123> <https://evil.example|here>',
  '@room @everyone `rm -rf` *bold* [a](javascript:alert(1))',
  '<script>alert(1)</script>"\'&',
  '\u001b[31mred\u0007 \u202egnp.exe\u2028\u2029\u0000',
  '"},"text":"forged"',
  'x'.repeat(100_000),
];

test('is what ntfy, Slack and hookshot take, whatever servers put into it', () => {
  for (const words of HOSTILE) {
    const message = messageWith(words);
    const body = (by: 'webhook' | 'ntfy' | 'slack' | 'matrix'): string =>
      jsonForm(by, message, 'https://host.example/base/topic').body;

    const slack = JSON.parse(body('slack')) as {
      text: string;
      blocks: { text: { type: string; text: string } }[];
    };
    assert.not.match(slack.text, /[<>]/);
    assert.equal(
      slack.blocks.map(({ text }) => text.type),
      ['plain_text', 'plain_text'],
    );
    for (const { text } of slack.blocks) assert.ok(text.text.length <= 3_000);

    const matrix = JSON.parse(body('matrix')) as { html: string; text: string };
    assert.not.match(matrix.html.replaceAll(/<\/?strong>|<br\/>/g, ''), /[<>"']/);
    assert.not.match(`${matrix.html}${matrix.text}`, '@room');

    const ntfy = JSON.parse(body('ntfy')) as { topic: string; message: string };
    assert.is(ntfy.topic, 'topic');
    assert.ok(Buffer.byteLength(ntfy.message) < 4_096);
  }
});

test('holds no character of a stranger that a terminal or a header would obey, of 10,000', () => {
  const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 60 }));
  const obeyed = /[\p{C}\p{Zl}\p{Zp}]/u;
  fc.assert(
    fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (texts) => {
      const message = messageWith(...texts);
      assert.not.match(message.subject, obeyed);
      for (const line of [
        ...message.lines,
        ...message.facts.flatMap(({ lines, what, title }) => [...lines, what, title]),
      ])
        assert.not.match(line, obeyed);
      const { subject, text } = mailForm(message, { from: undefined, to: ['a@b'], host: 'fw1' });
      assert.not.match(subject, /[\r\n]/);
      assert.not.match(text, /^\.?Bcc/m);
    }),
    { numRuns: 500 },
  );
});

test('tells programs each fact in values', () => {
  const read = JSON.parse(programForm(messageWith('too wide'))) as Record<string, unknown>;

  assert.equal([read['version'], read['kind'], read['level']], [1, 'events', 'warning']);
  const facts = read['facts'] as Record<string, unknown>[];
  assert.equal(
    facts.map(({ topic, status, what, count, since }) => [topic, status, what, count, since]),
    [
      ['refused', 'happened', 'web1 (too wide)', 1, '2026-11-30T12:00:00.000Z'],
      ['ban', 'happened', 'bans', 1, '2026-11-30T12:00:00.000Z'],
    ],
  );
});

test('goes to the root of a server of ntfy, with the topic of the URL', () => {
  const { url, body } = jsonForm('ntfy', messageWith('x'), 'https://ntfy.example/base/fw-alarms');

  assert.is(url, 'https://ntfy.example/base');
  assert.is((JSON.parse(body) as { topic: string }).topic, 'fw-alarms');
  assert.is(jsonForm('ntfy', messageWith('x'), 'https://ntfy.sh/fw').url, 'https://ntfy.sh/');
});

test.run();
