import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { netOf } from '../../../src/domain/net.ts';
import { files } from '../../../src/system/files/files.ts';
import { readList, type ReadList } from '../../../src/sources/lists/read-list.ts';
import { tableOf } from '../../lists/table-of.ts';

const reading = suite('the file of a list');

async function read(text: string, max = 100): Promise<ReadList> {
  const pieces = [Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))];
  // eslint-disable-next-line @typescript-eslint/require-await -- as the real one
  const readPieces = async function* (): AsyncGenerator<Buffer> {
    yield* pieces;
  };
  return readList({ readPieces }, '/list', { format: undefined, max, before: undefined });
}

reading('comes to its nets, and to what is told of it', async () => {
  const found = await read('# mine\n9.9.9.0/25\n9.9.9.128/25\n10.0.0.0/8\n0.0.0.0/0\nwho is this\n');

  if (found.kind === 'bad') throw new Error(found.words);
  const { table, facts } = found.content;
  assert.equal(
    Array.from(table.nets(), ({ text }) => text),
    ['9.9.9.0/24'],
  );
  const { sha256, ...rest } = facts;
  assert.match(sha256, /^[0-9a-f]{64}$/);
  assert.equal(rest, { format: 'plain', lines: 6, entries: 4, unread: 1, private: 1, tooWide: 1 });
});

reading('is refused where it has no entry, too many, or more that is not understood', async () => {
  const found = [
    await read('# nothing\n\n'),
    await read('9.9.9.9\n'.repeat(3), 2),
    await read('9.9.9.9\nwhat\nis\n'),
    await read('<html>\n'),
  ];

  assert.equal(
    found.map((each) => (each.kind === 'bad' ? each.reason : each.kind)),
    ['Empty', 'TooLong', 'Unreadable', 'Unreadable'],
  );
});

reading('is refused where its ranges take too many nets, before they are made', async () => {
  const odd = '5.0.0.1-5.255.255.254\n';

  assert.is((await read(odd, 46)).kind, 'read');
  assert.is((await read(odd, 45)).kind, 'bad');
});

reading('that is as long as allowed, or as often understood as not, counts', async () => {
  const found = [await read('9.9.9.9\n9.9.9.7\n', 2), await read('9.9.9.9\nwhat\n')];

  assert.equal(
    found.map(({ kind }) => kind),
    ['read', 'read'],
  );
});

reading('shares with the table before what it has in common', async () => {
  const before = tableOf([netOf('9.9.9.9'), netOf('8.8.8.8')]);
  const folder = mkdtempSync(join(tmpdir(), 'banspool-'));
  try {
    writeFileSync(join(folder, 'list'), '9.9.9.9\n8.8.8.0/24\n');
    const found = await readList(files, join(folder, 'list'), { format: undefined, max: 9, before });

    if (found.kind === 'bad') throw new Error(found.words);
    const [old, young] = [before.parts('ipv4'), found.content.table.parts('ipv4')];
    assert.ok(young.get('ipv4/9') === old.get('ipv4/9'));
    assert.ok(young.get('ipv4/8') !== old.get('ipv4/8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

reading('is missing, or cannot be read: a link is not followed, nor a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-'));
  try {
    symlinkSync('/etc/hosts', join(folder, 'link'));
    const options = { format: undefined, max: 9, before: undefined };
    const found = [
      await readList(files, join(folder, 'nothing'), options),
      await readList(files, join(folder, 'link'), options),
      await readList(files, folder, options),
    ];

    assert.equal(
      found.map((each) => (each.kind === 'bad' ? each.reason : each.kind)),
      ['Missing', 'Unreadable', 'Unreadable'],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

reading.run();
