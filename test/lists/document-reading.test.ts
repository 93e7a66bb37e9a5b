import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DocumentReading } from '../../src/lists/document-reading.ts';
import type { ListFormat } from '../../src/lists/list-format.ts';
import type { Reading } from '../../src/lists/list-reader.ts';
import { exampleList, readList } from './examples.ts';

const reading = suite('a list that is one text');

function read(text: string | Buffer, format?: ListFormat): Reading {
  const list = new DocumentReading({ format, takeEntry: () => undefined });
  list.write(Buffer.from(text));
  return list.end();
}

reading('does not count where it is not whole, wherever it ends', () => {
  for (const name of ['decisions-json.txt', 'banned.txt']) {
    const bytes = exampleList(name);
    for (let end = 1; end < bytes.toString().trimEnd().length; end += 1) {
      const seen = read(bytes.subarray(0, end));

      assert.equal([seen.format, seen.entries, seen.unread.count], [undefined, 0, 1], `${name} up to ${end}`);
    }
  }
});

reading('does not count where something stands behind its end', () => {
  for (const more of ['x', '"', '[]', ',', '\\'])
    assert.is(read(`${exampleList('banned.txt').toString()}${more}`).format, undefined, more);
});

reading('is of the format that is told, or of none', () => {
  assert.is(read(exampleList('banned.txt'), 'fail2ban').entries, 4);
  assert.is(read(exampleList('banned.txt'), 'crowdsec').format, undefined);
  assert.is(read(exampleList('decisions-json.txt'), 'fail2ban').format, undefined);
  assert.is(read('[]', 'fail2ban').format, 'fail2ban');
});

reading('shows how it begins where it is of none', () => {
  assert.equal(read('[global]\nname = x').unread.examples, [{ line: 1, text: '[global] name = x' }]);
});

reading('is read as it comes, however long it is', () => {
  const decision = { duration: '1m0s', scenario: 'x', scope: 'Ip', type: 'ban', value: '203.0.113.7' };
  const all = Array.from({ length: 20_000 }, () => ({ decisions: [decision] }));

  assert.is(readList(JSON.stringify(all), { chunk: 65_536 }).entries, 20_000);
});

reading.run();
