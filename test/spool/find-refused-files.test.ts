import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findRefusedFiles } from '../../src/spool/find-refused-files.ts';
import { formatReason } from '../../src/spool/reason-file.ts';
import { rejectedFiles } from '../../src/system/files/rejected-files.ts';

const test = suite('refused files', { folder: '' });

test.before.each((context) => {
  context.folder = fs.mkdtempSync(join(tmpdir(), 'banspool-refused-'));
});

test.after.each(({ folder }) => {
  fs.rmSync(folder, { recursive: true });
});

/** Refused so many seconds after 1970. */
function refuse(folder: string, path: string, second: number): void {
  const [server = '', name = ''] = path.split('/');
  fs.mkdirSync(join(folder, server), { recursive: true });
  fs.writeFileSync(join(folder, path), 'x');
  const reason = `${join(folder, path)}.reason`;
  fs.writeFileSync(reason, formatReason({ server, name, refusal: { code: 'not-utf8' } }, second * 1000));
  fs.utimesSync(reason, second, second);
}

test('are told newest first, of one server or of all, with why and where they lie', ({ folder }) => {
  refuse(folder, 'web1/a.yaml', 1);
  refuse(folder, 'web2/b.yaml', 3);
  refuse(folder, 'web1/c.yaml', 2);
  fs.rmSync(join(folder, 'web1/c.yaml'));
  fs.writeFileSync(join(folder, 'web1/a.yaml.reason'), '');
  fs.utimesSync(join(folder, 'web1/a.yaml.reason'), 1, 1);

  const all = findRefusedFiles(rejectedFiles, { rejected: folder, server: undefined, limit: 9 });
  const newest = findRefusedFiles(rejectedFiles, { rejected: folder, server: 'web1', limit: 1 });

  const told = { code: 'not-utf8', reason: 'not UTF-8 text', isThere: true };
  const [b, c, a] = [
    { server: 'web2', path: join(folder, 'web2/b.yaml'), ...told, at: 3000, file: 'web2/b.yaml' },
    {
      server: 'web1',
      path: join(folder, 'web1/c.yaml'),
      ...told,
      at: 2000,
      file: 'web1/c.yaml',
      isThere: false,
    },
    { server: 'web1', path: join(folder, 'web1/a.yaml'), ...told, at: 1000, file: 'web1/a.yaml' },
  ];
  assert.equal(all.files, [b, c, { ...a, code: undefined, reason: 'unknown' }]);
  assert.equal(
    [...all.kept],
    [
      ['web1', 2],
      ['web2', 1],
    ],
  );
  assert.equal(newest.files, [c]);
  assert.equal([...newest.kept], [['web1', 2]]);
});

test('that cannot be listed are told of, and those of other servers all the same', ({ folder }) => {
  refuse(folder, 'web1/a.yaml', 1);
  refuse(folder, 'web2/b.yaml', 1);
  const closed = {
    ...rejectedFiles,
    list: (path: string) => {
      if (path.endsWith('web1')) throw new Error('closed');
      return rejectedFiles.list(path);
    },
  };

  const { files, unreadable } = findRefusedFiles(closed, { rejected: folder, server: undefined, limit: 9 });
  const none = findRefusedFiles(rejectedFiles, { rejected: join(folder, 'no'), server: undefined, limit: 9 });

  assert.equal([files.map(({ server }) => server), unreadable], [['web2'], ['closed']]);
  assert.equal([none.files, none.unreadable], [[], []]);
});

test.run();
