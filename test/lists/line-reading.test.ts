import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LineReading } from '../../src/lists/line-reading.ts';

const reading = suite('a list by lines');

reading('hands on each entry as it comes, once the format is known', () => {
  let entries = 0;
  const list = new LineReading({ format: undefined, takeEntry: () => (entries += 1) });

  list.write(Buffer.from('203.0.113.7\n'.repeat(499)));
  assert.is(entries, 0);
  list.write(Buffer.from('203.0.113.8\nexample.org\n'));
  assert.is(entries, 500);

  assert.equal(list.end(), {
    format: 'plain',
    lines: 501,
    entries: 500,
    unread: { count: 1, examples: [{ line: 501, text: 'example.org' }] },
  });
});

reading.run();
