import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DocumentReading } from '../../src/lists/document-reading.ts';
import { exampleList } from './examples.ts';

const reading = suite('a list that is one text');

reading('is not read beyond 16 MiB, and is counted as one line', () => {
  const list = new DocumentReading({
    format: undefined,
    takeEntry: () => {
      assert.unreachable();
    },
  });
  list.write(exampleList('decisions-json.txt'));
  for (let mebibytes = 0; mebibytes < 16; mebibytes += 1) list.write(Buffer.alloc(2 ** 20, ' '));

  const { format, entries, unread } = list.end();

  assert.equal([format, entries, unread.count], [undefined, 0, 1]);
});

reading('of up to 16 MiB is read', () => {
  let entries = 0;
  const list = new DocumentReading({ format: undefined, takeEntry: () => (entries += 1) });
  list.write(exampleList('decisions-json.txt'));
  for (let mebibytes = 0; mebibytes < 15; mebibytes += 1) list.write(Buffer.alloc(2 ** 20, ' '));

  assert.is(list.end().entries, 2);
  assert.is(entries, 2);
});

reading.run();
