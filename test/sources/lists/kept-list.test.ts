import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { decodeKept, encodeKept, type KeptList } from '../../../src/sources/lists/kept-list.ts';
import { tableOf } from '../../lists/table-of.ts';

const keeping = suite('the copy of a list');

const KEPT: KeptList = {
  ...{
    source: 'file:drop.txt',
    stamp: '1:2',
    modified: 3,
    takenAt: 4,
    refused: { sha256: 'cd', modified: 5 },
  },
  content: {
    table: tableOf(['9.9.9.0/24', '2a00::/32'].map(netOf)),
    facts: { format: 'plain', lines: 9, entries: 8, unread: 1, private: 2, tooWide: 0, sha256: 'ab' },
  },
};

keeping('is the same list again', () => {
  const { content, ...rest } = KEPT;
  const again = decodeKept(encodeKept(KEPT));

  if (again === undefined) throw new Error('it cannot be read');
  const { content: young, ...others } = again;
  assert.equal(others, rest);
  assert.equal(young.facts, content.facts);
  assert.equal(Array.from(young.table.nets()), Array.from(content.table.nets()));
});

keeping('is none where it is not as this version writes it', () => {
  const text = Buffer.from(encodeKept(KEPT)).toString('latin1');
  const broken = [
    '',
    '\n',
    '{}\n',
    text.slice(0, -1),
    text.replace('"version":1', '"version":2'),
    text.replace('ipv4/9', '../../x'),
  ];

  for (const each of broken) assert.is(decodeKept(Buffer.from(each, 'latin1')), undefined);
});

keeping.run();
