import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contactOf, encodeContact, readNotifyContact } from '../../src/notify/contact.ts';
import { driftOf, MINUTE, NOON, TestMessenger } from '../support/messenger.ts';

const test = suite('contact.json of the messenger');

const reading = (text: string | undefined) =>
  readNotifyContact({ readAtMost: () => Promise.resolve(text) }, '/nowhere');

test('says since when a message waits, and why', async () => {
  const messenger = new TestMessenger();
  messenger.step();
  const well = contactOf(messenger.state);
  messenger.isAway = true;
  messenger.step([driftOf(NOON)]);
  messenger.pass(5 * MINUTE);

  const waits = contactOf(messenger.state);
  const read = await reading(encodeContact(messenger.now, waits));

  assert.equal(well, [{ name: 'ops', lastSuccess: null, waitingSince: null, failure: null, lost: 0 }]);
  assert.equal(read, {
    at: messenger.now,
    channels: [{ name: 'ops', lastSuccess: null, waitingSince: NOON + MINUTE, failure: 'away', lost: 0 }],
  });
});

test('is none where it is missing, unreadable or of another form, and clean where it is not', async () => {
  const hostile = { name: 'a\u001b[2J', lastSuccess: null, waitingSince: 1, failure: 'x\r\ny', lost: 0 };

  assert.is(await reading(undefined), undefined);
  assert.is(await reading('{"at":1}'), undefined);
  assert.is(
    await readNotifyContact({ readAtMost: () => Promise.reject(new Error('EACCES')) }, '/x'),
    undefined,
  );
  const read = await reading(encodeContact(1, [hostile]));
  assert.equal([read?.channels[0]?.name, read?.channels[0]?.failure], ['a [2J', 'x y']);
});

test.run();
