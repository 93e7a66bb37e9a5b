/** The spool's folders as an attacker leaves them, on a real file system. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_FILE_BYTES,
  spoolFiles,
  type SpoolEntry,
  type SpoolRead,
} from '../../../src/system/files/spool-files.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { Bait } from '../../support/bait.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const spool = suite('spool files', { folder: '', outside: '' });

spool.before.each((context) => {
  context.folder = fs.mkdtempSync(join(tmpdir(), 'banspool-spool-'));
  context.outside = fs.mkdtempSync(join(tmpdir(), 'banspool-outside-'));
});

spool.after.each(({ folder, outside }) => {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(outside, { recursive: true, force: true });
});

const TEXT = 'intent: ban\n...\n';

function entryOf(folder: string, name: string): SpoolEntry {
  const entry = spoolFiles.entries(folder).find((each) => each.name === name);
  if (entry === undefined) throw new Error(`no ${name} in ${folder}`);
  return entry;
}

const read = (folder: string, name: string): SpoolRead => spoolFiles.read(folder, entryOf(folder, name));

const whatIs = (folder: string, name: string): string => {
  const found = read(folder, name);
  return found.kind === 'odd' ? found.what : found.kind;
};

spool('a plain file is read', ({ folder }) => {
  fs.writeFileSync(join(folder, 'a.yaml'), TEXT);

  const found = read(folder, 'a.yaml');

  assert.is(found.kind === 'bytes' ? found.bytes.toString() : '', TEXT);
  assert.ok(found.kind === 'bytes' && Math.abs(found.changedAt - Date.now()) < 60_000);
});

spool('an empty file is read as empty', ({ folder }) => {
  fs.writeFileSync(join(folder, 'a.yaml'), '');

  const found = read(folder, 'a.yaml');

  assert.is(found.kind === 'bytes' ? found.bytes.length : -1, 0);
});

spool('a folder that is not there holds nothing', ({ folder }) => {
  fs.writeFileSync(join(folder, 'file'), '');

  assert.equal(spoolFiles.entries(join(folder, 'none')), []);
  assert.equal(spoolFiles.entries(join(folder, 'file')), []);
});

spool('nothing is found, and all is gone, below a name that is no folder any more', ({ folder }) => {
  const server = join(folder, 'web1');
  fs.mkdirSync(server);
  fs.writeFileSync(join(server, 'a.yaml'), TEXT);
  fs.symlinkSync('nowhere', join(server, 'b.yaml'));
  const [file, link] = [entryOf(server, 'a.yaml'), entryOf(server, 'b.yaml')];
  fs.rmSync(server, { recursive: true });
  fs.writeFileSync(server, '');

  assert.is(spoolFiles.find(server, file.bytes), undefined);
  assert.is(spoolFiles.measure(server, file), undefined);
  assert.equal([spoolFiles.read(server, file).kind, spoolFiles.read(server, link).kind], ['gone', 'gone']);
});

spool('nothing is found, and nothing may be read, in a folder that is closed', ({ folder }) => {
  if (isUserNamespace()) return;
  const server = join(folder, 'web1');
  fs.mkdirSync(server);
  fs.writeFileSync(join(server, 'a.yaml'), TEXT);
  fs.symlinkSync('nowhere', join(server, 'b.yaml'));
  const [file, link] = [entryOf(server, 'a.yaml'), entryOf(server, 'b.yaml')];
  for (const path of [folder, server]) fs.chmodSync(path, path === server ? 0o744 : 0o755);
  process.seteuid?.(NOBODY.uid);
  try {
    assert.is(spoolFiles.find(server, file.bytes), undefined);
    assert.is(spoolFiles.measure(server, file), undefined);
    assert.equal(
      [spoolFiles.read(server, file).kind, spoolFiles.read(server, link).kind],
      ['forbidden', 'forbidden'],
    );
  } finally {
    process.seteuid?.(0);
  }
});

spool('a symbolic link is never followed', ({ folder, outside }) => {
  fs.writeFileSync(join(outside, 'secret'), 'secret');
  fs.symlinkSync(join(outside, 'secret'), join(folder, 'a.yaml'));
  fs.symlinkSync(outside, join(folder, 'b.yaml'));
  fs.symlinkSync('/dev/zero', join(folder, 'c.yaml'));
  fs.symlinkSync('nowhere', join(folder, 'd.yaml'));
  fs.symlinkSync('e.yaml', join(folder, 'e.yaml'));

  const kinds = ['a', 'b', 'c', 'd', 'e'].map((name) => whatIs(folder, `${name}.yaml`));

  assert.equal(new Set(kinds), new Set(['a symbolic link']));
  assert.not(spoolFiles.entries(folder).some(({ isFolder }) => isFolder));
});

spool('four FIFOs that nobody writes to hang nothing', ({ folder }) => {
  const names = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml'];
  execFileSync('mkfifo', names, { cwd: folder });

  assert.equal(
    names.map((name) => whatIs(folder, name)),
    names.map(() => 'a FIFO'),
  );
});

spool('a socket is none', async ({ folder }) => {
  const server = await listen(join(folder, 'a.yaml'));

  assert.is(whatIs(folder, 'a.yaml'), 'a socket');

  await new Promise((resolve) => server.close(resolve));
});

spool('a folder with the name of a file is none, whatever it holds', ({ folder }) => {
  fs.mkdirSync(join(folder, 'a.yaml/b.yaml'), { recursive: true });

  assert.is(whatIs(folder, 'a.yaml'), 'a directory');
  assert.is(entryOf(folder, 'a.yaml').isFolder, true);
});

spool(
  'a file with a second name elsewhere is refused: who holds that name can still write to it',
  ({ folder, outside }) => {
    fs.writeFileSync(join(outside, 'x'), TEXT);
    fs.linkSync(join(outside, 'x'), join(folder, 'a.yaml'));

    assert.is(whatIs(folder, 'a.yaml'), 'a file with 2 hard links');
  },
);

spool('a file over 4 MiB is not read, and one of 4 MiB is', ({ folder }) => {
  fs.writeFileSync(join(folder, 'a.yaml'), Buffer.alloc(5_000_000));
  fs.writeFileSync(join(folder, 'b.yaml'), Buffer.alloc(MAX_FILE_BYTES));
  fs.writeFileSync(join(folder, 'c.yaml'), '');
  fs.truncateSync(join(folder, 'c.yaml'), 1e12);

  assert.is(whatIs(folder, 'a.yaml'), 'larger than 4 MiB (5000000 bytes)');
  assert.is(read(folder, 'b.yaml').kind, 'bytes');
  assert.is(whatIs(folder, 'c.yaml'), 'larger than 4 MiB (1000000000000 bytes)');
});

spool('a file that went between the look and the read is gone', ({ folder }) => {
  fs.writeFileSync(join(folder, 'a.yaml'), TEXT);
  const entry = entryOf(folder, 'a.yaml');
  fs.rmSync(join(folder, 'a.yaml'));

  assert.equal(spoolFiles.read(folder, entry), { kind: 'gone' });
  assert.is(spoolFiles.remove(folder, entry, 'stamp'), true);
});

spool('a name that is no text is found, shown without harm, and can be taken away', ({ folder, outside }) => {
  const names = [
    Buffer.from([0xff, 0xfe, 0x41]),
    Buffer.from('a\x1b[31m\n.yaml'),
    Buffer.from('\u202eb\u2028.yaml'),
  ];
  for (const name of names) fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), name]), TEXT);

  const entries = spoolFiles.entries(folder);

  assert.equal(
    entries.map(({ name }) => name).sort(),
    ['\\x202eb\\x2028.yaml', '\\xff\\xfeA', 'a\\x1b[31m\\x0a.yaml'].sort(),
  );
  for (const [index, entry] of entries.entries()) {
    assert.is(spoolFiles.read(folder, entry).kind, 'bytes');
    spoolFiles.moveAway(folder, entry, join(outside, String(index)));
  }
  assert.equal(spoolFiles.entries(folder), []);
  assert.is(fs.readdirSync(outside).length, 3);
});

spool('a file goes when what it said is kept, but not one that was written again since', ({ folder }) => {
  const path = join(folder, 'a.yaml');
  fs.writeFileSync(path, TEXT);
  const entry = entryOf(folder, 'a.yaml');
  const first = spoolFiles.read(folder, entry);
  fs.writeFileSync(path, `# again\n${TEXT}`);

  const kept = spoolFiles.remove(folder, entry, first.kind === 'bytes' ? first.stamp : '');
  const second = spoolFiles.read(folder, entry);
  const removed = spoolFiles.remove(folder, entry, second.kind === 'bytes' ? second.stamp : '');

  assert.equal([kept, removed], [false, true]);
  assert.equal(fs.readdirSync(folder), []);
});

spool('whatever it is, it is taken out of the folder as it is', ({ folder, outside }) => {
  fs.writeFileSync(join(outside, 'secret'), 'secret');
  fs.symlinkSync(join(outside, 'secret'), join(folder, 'link.yaml'));
  fs.mkdirSync(join(folder, 'folder.yaml'));
  fs.writeFileSync(join(folder, 'folder.yaml/x'), '');
  execFileSync('mkfifo', ['fifo.yaml'], { cwd: folder });

  for (const entry of spoolFiles.entries(folder))
    spoolFiles.moveAway(folder, entry, join(outside, entry.name));

  assert.equal(fs.readdirSync(folder), []);
  assert.is(fs.readFileSync(join(outside, 'secret'), 'utf8'), 'secret');
  assert.ok(fs.lstatSync(join(outside, 'link.yaml')).isSymbolicLink());
  assert.ok(fs.lstatSync(join(outside, 'fifo.yaml')).isFIFO());
  assert.ok(fs.existsSync(join(outside, 'folder.yaml/x')));
});

spool(
  'on another file system a plain file is copied, and all else is only removed',
  ({ folder, outside }) => {
    const elsewhere = fs.mkdtempSync('/run/banspool-elsewhere-');
    const bait = new Bait(outside);
    fs.writeFileSync(join(folder, 'plain.yaml'), TEXT);
    fs.symlinkSync(bait.file, join(folder, 'link.yaml'));
    execFileSync('mkfifo', ['fifo.yaml'], { cwd: folder });
    fs.writeFileSync(join(folder, 'large.yaml'), Buffer.alloc(5_000_000));
    fs.mkdirSync(join(folder, 'folder.yaml/x'), { recursive: true });
    fs.symlinkSync(bait.folder, join(folder, 'folder.yaml/root'));

    for (const entry of spoolFiles.entries(folder))
      spoolFiles.moveAway(folder, entry, join(elsewhere, entry.name));

    assert.equal(fs.readdirSync(folder), []);
    assert.equal(fs.readdirSync(elsewhere), ['plain.yaml']);
    assert.is(fs.readFileSync(join(elsewhere, 'plain.yaml'), 'utf8'), TEXT);
    assert.equal(...bait.comparison);
  },
);

async function listen(path: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

/** What `path` is read as, when it is put in the place of a plain file once that was listed. */
function readSwapped(folder: string, swap: (path: string) => void): SpoolRead {
  const path = join(folder, 'a.yaml');
  fs.writeFileSync(path, TEXT);
  const entry = entryOf(folder, 'a.yaml');
  fs.rmSync(path);
  swap(path);
  return spoolFiles.read(folder, entry);
}

spool('a link that takes the place of a listed file is not followed', ({ folder, outside }) => {
  const secret = join(outside, 'secret');
  fs.writeFileSync(secret, TEXT);

  const found = readSwapped(folder, (path) => {
    fs.symlinkSync(secret, path);
  });

  assert.is(found.kind, 'gone');
});

spool('a FIFO that takes the place of a listed file is not waited for', ({ folder, outside }) => {
  const helped = join(outside, 'helped');
  let helper: ChildProcess | undefined;

  const found = readSwapped(folder, (path) => {
    execFileSync('mkfifo', [path]);
    // Whoever waits for its other end is let go after a while, and told of.
    helper = spawn('sh', ['-c', 'sleep 10; : >"$1"; : >"$2"', 'sh', helped, path], { stdio: 'ignore' });
  });

  helper?.kill();
  assert.equal(found, { kind: 'odd', what: 'a FIFO', size: 0 });
  assert.not(fs.existsSync(helped));
});

spool('reading leaves no file open, whatever it was', ({ folder }) => {
  const open = (): number => fs.readdirSync('/proc/self/fd').length;
  fs.writeFileSync(join(folder, 'a.yaml'), TEXT);
  fs.writeFileSync(join(folder, 'large.yaml'), '');
  fs.truncateSync(join(folder, 'large.yaml'), MAX_FILE_BYTES + 1);
  const before = open();

  for (let count = 0; count < 100; count += 1)
    for (const name of ['a.yaml', 'large.yaml']) read(folder, name);

  assert.ok(open() < before + 50, `${before}, then ${open()}`);
});

spool.run();
