import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contactProblems, decodeContact, encodeContact, MAX_CONTACT_BYTES } from '../../src/fleet/contact.ts';

const test = suite('what the mover tells of the hub');

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const PLACE = { folder: '/var/lib/banspool-fleet', now: NOW };

test('is read as it was written', () => {
  const contacts = [
    { at: NOW, failure: undefined },
    { at: NOW, failure: 'git fetch: "no" route \\ to host' },
  ];

  assert.equal(
    contacts.map((contact) => decodeContact(encodeContact(contact))),
    contacts,
  );
  assert.ok(encodeContact({ at: NOW, failure: undefined }).endsWith('}\n'));
});

test('fits into what is read of the file, and is one printable line, whatever failed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 9000, size: 'max' }), (failure) => {
      const text = encodeContact({ at: NOW, failure });
      const read = decodeContact(text);
      return (
        Buffer.byteLength(text) <= MAX_CONTACT_BYTES &&
        read !== undefined &&
        !/\p{C}/u.test(read.failure ?? '')
      );
    }),
  );
});

test('is shown without what a terminal would obey, where another wrote the file', () => {
  const read = decodeContact(JSON.stringify({ at: NOW, failure: `a\u001b[2J\nb\u202e${'x'.repeat(999)}` }));

  assert.is(read?.failure, `a [2J b ${'x'.repeat(300 - 'a [2J b '.length)}`);
});

test('is nothing in any other text', () => {
  const texts = [
    ...['', 'junk', '[]', 'null', '{}', '{"at":1}', '{"failure":null}', '{"at":"1","failure":null}'],
    ...['{"at":1.5,"failure":null}', '{"at":1,"failure":2}', '{"at":1e99,"failure":null}'],
  ];

  assert.equal(
    texts.map((text) => decodeContact(text)),
    texts.map(() => undefined),
  );
});

test('is a problem where it is five minutes old or was never told, and where the hub is not reached', () => {
  const told = [
    undefined,
    { at: NOW - 5 * MINUTE - 1, failure: 'refused' },
    { at: NOW - 5 * MINUTE, failure: undefined },
    { at: NOW - 5 * MINUTE, failure: 'refused' },
    { at: NOW + MINUTE, failure: undefined },
  ].map((contact) =>
    contactProblems(contact, PLACE).map(
      ({ condition, reason, message }) => `${condition} ${reason}: ${message}`,
    ),
  );

  const never =
    'FleetReachable MoverSilent: the mover has not started yet, or cannot write /var/lib/banspool-fleet/mover/contact.json; fix: systemctl enable --now banspool-fleet';
  const silent =
    'FleetReachable MoverSilent: the mover has written nothing into /var/lib/banspool-fleet/mover/contact.json for 5 min; fix: systemctl start banspool-fleet';
  const away =
    'FleetReachable HubNotReached: the hub is not reached: refused; the bans of all peers stay; fix: run banspool doctor';
  assert.equal(told, [[never], [silent], [], [away], []]);
});

test.run();
