import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entryOf } from '../../../src/lists/formats/details.ts';
import { parseRange } from '../../../src/lists/range.ts';

const details = suite('the details of an entry');

details('are those that say something', () => {
  const range = parseRange('203.0.113.7');
  assert.ok(range !== undefined);

  assert.is(entryOf(range, {}), range);
  assert.is(entryOf(range, { reason: ' ', jail: undefined }), range);
  assert.equal(entryOf(range, { reason: ' x ', left: 0 }), { ...range, details: { reason: 'x', left: 0 } });
  assert.equal(entryOf(range, { jail: 'sshd', until: 7 }), { ...range, details: { jail: 'sshd', until: 7 } });
});

details.run();
