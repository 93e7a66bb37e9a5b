import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mailForm } from '../../../src/notify/forms/mail-form.ts';
import { testMessage } from '../../../src/notify/preview-messages.ts';
import { NOON } from '../../support/messenger.ts';

const test = suite('a message as a mail');

test('has the same id each time, and the sender of the config or of the machine', () => {
  const message = testMessage(NOON, { name: 'fw1', channel: 'mail' });
  const envelope = { to: ['admin@example.org'], host: 'fw1.example' };

  const own = mailForm(message, { ...envelope, from: undefined });
  const named = mailForm({ ...message, level: 'alarm' }, { ...envelope, from: 'fw@example.org' });

  assert.equal([own.from, named.from], ['banspool@fw1.example', 'fw@example.org']);
  assert.equal([own.messageId, named.messageId], [own.messageId, own.messageId]);
  assert.equal([own.isUrgent, named.isUrgent], [false, true]);
  assert.is(own.text, 'banspool notify --test sent this over the channel mail.\nNothing is wrong.\n');
});

test.run();
