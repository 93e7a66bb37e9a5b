import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseStatusRecord } from '../../src/status/status-record.ts';
import { RECORD } from './record.ts';

const status = suite('the record of the status');

status('a record is read as it was written, and anything else is none', () => {
  assert.equal(parseStatusRecord(JSON.stringify(RECORD)), RECORD);
  for (const text of [
    undefined,
    '',
    '{',
    '[]',
    'null',
    JSON.stringify({ ...RECORD, version: 2 }),
    '{"version":1}',
  ]) {
    assert.is(parseStatusRecord(text), undefined, text);
  }
});

status('a record of before there was a word on the process is read', () => {
  const { controller, stoppedAt, ignored, ...old } = RECORD;

  const read = parseStatusRecord(JSON.stringify(old));

  assert.equal([controller?.pid, stoppedAt, ignored], [4711, null, 1]);
  assert.equal([read?.controller, read?.stoppedAt, read?.ignored], [null, null, 0]);
});

status('a record of before there were sets and refused files that are kept is read', () => {
  const earlier = JSON.stringify(RECORD)
    .replace('"sets":[],', '')
    .replace(',"unconfirmed":[]', '')
    .replace(',"kept":1,"lastRefused":null', '');

  const read = parseStatusRecord(earlier);

  assert.not.match(earlier, /sets|unconfirmed|kept/);
  assert.equal([read?.sets, read?.unconfirmed, read?.servers[0]?.kept], [[], [], null]);
});

status.run();
