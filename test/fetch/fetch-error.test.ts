import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchErrorText } from '../../src/fetch/fetch-error.ts';

const test = suite('why a list could not be fetched');

test('is told with the server, and with what to do where something can be done', () => {
  const host = 'lists.example.org';

  assert.is(
    fetchErrorText({ code: 'status', host, status: 404 }),
    `${host}: the server answered 404 (there is no such file)`,
  );
  assert.is(fetchErrorText({ code: 'status', host, status: 418 }), `${host}: the server answered 418`);
  assert.is(
    fetchErrorText({ code: 'silent', host, step: 'connect', seconds: 10 }),
    `${host}: no connection within 10 s`,
  );
  assert.is(
    fetchErrorText({ code: 'truncated', host, bytes: 12_345 }),
    `${host}: the connection ended after 12,345 bytes, before the end of the list`,
  );
  assert.match(
    fetchErrorText({ code: 'too-large', most: 67_108_864 }),
    '67,108,864 bytes; if it is right, raise its max',
  );
});

test('property: whatever a server says, the words are one short line of what can be seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (said) => {
      for (const text of [
        fetchErrorText({ code: 'unreachable', host: 'h', said }),
        fetchErrorText({ code: 'unknown-encoding', encoding: said }),
        fetchErrorText({ code: 'no-authority', ca: '/ca.pem', said }),
        fetchErrorText({ code: 'not-written', said }),
      ]) {
        assert.ok(text.length < 300, text);
        assert.not.match(text, /[\p{C}\p{Zl}\p{Zp}]/u);
      }
    }),
    { numRuns: 30 },
  );
});

test.run();
