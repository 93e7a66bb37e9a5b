/** The place for what was refused, on a real file system. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Refusal } from '../../src/domain/refusals.ts';
import { Rejector } from '../../src/spool/reject.ts';
import { rejectedFiles } from '../../src/system/files/rejected-files.ts';
import { spoolFiles } from '../../src/system/files/spool-files.ts';
import { Bait } from '../support/bait.ts';

const MIB = 1024 * 1024;
const NOW = Date.UTC(2026, 10, 22);

const rejecting = suite('reject', { spool: '', rejected: '', outside: '' });

type Folders = Readonly<Record<'spool' | 'rejected' | 'outside', string>>;

rejecting.before.each((context) => {
  const folder = fs.mkdtempSync(join(tmpdir(), 'banspool-reject-'));
  context.spool = join(folder, 'spool');
  context.rejected = join(folder, 'rejected');
  context.outside = folder;
  fs.mkdirSync(join(context.spool, 'web1'), { recursive: true });
});

rejecting.after.each(({ outside }) => {
  fs.rmSync(outside, { recursive: true, force: true });
});

const rejectorOf = ({ spool, rejected }: Folders): Rejector =>
  new Rejector({ spool, rejected }, spoolFiles, rejectedFiles);

/** Rejects all that stands in the folder of web1. */
function rejectAll(rejector: Rejector, { spool }: Folders, refusal: Refusal = { code: 'alias' }): void {
  for (const entry of spoolFiles.entries(join(spool, 'web1'))) {
    rejector.reject(entry, { server: 'web1', name: entry.name, refusal }, NOW);
  }
}

const inSpool = ({ spool }: Folders, name: string): string => join(spool, 'web1', name);
const kept = ({ rejected }: Folders): readonly string[] => fs.readdirSync(join(rejected, 'web1')).sort();

rejecting('a refused file is kept with its reason beside it', (context) => {
  fs.writeFileSync(inSpool(context, 'a.yaml'), 'nonsense');

  rejectAll(rejectorOf(context), context, {
    code: 'wrong-field',
    field: 'ip',
    fault: '"x" is not an address',
  });

  const folder = join(context.rejected, 'web1');
  assert.equal(kept(context), ['a.yaml', 'a.yaml.reason']);
  assert.is(fs.readFileSync(join(folder, 'a.yaml'), 'utf8'), 'nonsense');
  assert.is(
    fs.readFileSync(join(folder, 'a.yaml.reason'), 'utf8'),
    'refused: 2026-11-22T00:00:00.000Z\nfile: web1/a.yaml\ncode: wrong-field\nreason: ip: "x" is not an address\n',
  );
  assert.equal(fs.readdirSync(join(context.spool, 'web1')), []);
});

rejecting('a second file of the same name does not replace the first', (context) => {
  const rejector = rejectorOf(context);
  for (const text of ['first', 'second']) {
    fs.writeFileSync(inSpool(context, 'a.yaml'), text);
    rejectAll(rejector, context);
  }

  const contents = kept(context)
    .filter((name) => !name.endsWith('.reason'))
    .map((name) => fs.readFileSync(join(context.rejected, 'web1', name), 'utf8'));
  assert.equal(contents.sort(), ['first', 'second']);
  assert.is(rejector.count('web1'), 2);
});

rejecting('a name can lead nowhere else', (context) => {
  const names = [
    '..%2f.yaml',
    ' .yaml',
    '.yaml',
    '\u202ex.yaml',
    `${'x'.repeat(250)}.yaml`,
    'a\nb.yaml',
    'a.reason',
  ];
  for (const name of names) fs.writeFileSync(inSpool(context, name), '');

  rejectAll(rejectorOf(context), context);

  assert.equal(fs.readdirSync(join(context.rejected)), ['web1']);
  assert.is(kept(context).length, 2 * names.length);
  for (const name of kept(context)) assert.match(name, /^[A-Za-z0-9_%][A-Za-z0-9._%-]*$/);
});

rejecting('a link, a folder and a hard link are kept as what they are', (context) => {
  const bait = new Bait(context.outside);
  fs.symlinkSync(bait.file, inSpool(context, 'a.yaml'));
  fs.mkdirSync(inSpool(context, 'b.yaml/c'), { recursive: true });

  rejectAll(rejectorOf(context), context);

  assert.ok(fs.lstatSync(join(context.rejected, 'web1/a.yaml')).isSymbolicLink());
  assert.ok(fs.existsSync(join(context.rejected, 'web1/b.yaml/c')));
  assert.equal(...bait.comparison);
});

rejecting('of a server a thousand refused files are kept, and the oldest go', (context) => {
  const rejector = rejectorOf(context);
  for (let index = 0; index < 1003; index += 1) {
    fs.writeFileSync(inSpool(context, `${String(index).padStart(4, '0')}.yaml`), 'x');
    rejectAll(rejector, context);
  }

  const names = kept(context);
  assert.is(names.length, 2000);
  assert.is(names[0], '0003.yaml');
  assert.is(rejector.count('web1'), 1000);
  assert.is(rejector.discarded.get('web1'), 3);
});

rejecting('of a server 16 MiB are kept, and the oldest go', (context) => {
  const rejector = rejectorOf(context);
  for (const name of ['1', '2', '3', '4', '5']) {
    fs.writeFileSync(inSpool(context, `${name}.yaml`), Buffer.alloc(4 * MIB));
    rejectAll(rejector, context);
  }

  assert.equal(kept(context), [
    '3.yaml',
    '3.yaml.reason',
    '4.yaml',
    '4.yaml.reason',
    '5.yaml',
    '5.yaml.reason',
  ]);
  assert.is(rejector.discarded.get('web1'), 2);
});

rejecting('the room is counted anew after a restart', (context) => {
  for (const name of ['1', '2', '3'])
    fs.writeFileSync(inSpool(context, `${name}.yaml`), Buffer.alloc(4 * MIB));
  rejectAll(rejectorOf(context), context);
  const restarted = rejectorOf(context);
  const before = restarted.count('web1');
  fs.writeFileSync(inSpool(context, '4.yaml'), Buffer.alloc(4 * MIB));

  rejectAll(restarted, context);

  assert.is(before, 3);
  assert.is(restarted.count('web1'), 3);
});

rejecting('a file that is larger than all the room leaves its reason and nothing else', (context) => {
  fs.writeFileSync(inSpool(context, 'a.yaml'), '');
  fs.truncateSync(inSpool(context, 'a.yaml'), 1e12);
  fs.writeFileSync(inSpool(context, 'b.yaml'), 'x');

  rejectAll(rejectorOf(context), context);

  assert.equal(kept(context), ['a.yaml.reason', 'b.yaml', 'b.yaml.reason']);
});

rejecting('a folder full of files leaves its reason and nothing else', (context) => {
  fs.mkdirSync(inSpool(context, 'a.yaml'));
  for (let index = 0; index < 200; index += 1) fs.writeFileSync(inSpool(context, `a.yaml/${index}`), '');

  rejectAll(rejectorOf(context), context);

  assert.equal(kept(context), ['a.yaml.reason']);
});

rejecting('links in a refused folder lead neither out of it nor round in it', (context) => {
  fs.mkdirSync(inSpool(context, 'a.yaml'));
  const bait = new Bait(context.outside);
  fs.symlinkSync(bait.folder, inSpool(context, 'a.yaml/root'));
  for (const name of ['x', 'y', 'z']) fs.symlinkSync('.', inSpool(context, `a.yaml/${name}`));

  rejectAll(rejectorOf(context), context);

  assert.equal(kept(context), ['a.yaml', 'a.yaml.reason']);
  assert.equal(...bait.comparison);
});

rejecting('what is in a refused folder counts, under whatever name', (context) => {
  const rejector = rejectorOf(context);
  fs.mkdirSync(inSpool(context, 'a.yaml'));
  const hidden = Buffer.concat([Buffer.from(`${inSpool(context, 'a.yaml')}/`), Buffer.from([0xff])]);
  fs.writeFileSync(hidden, Buffer.alloc(17 * MIB));

  rejectAll(rejector, context);

  assert.equal(kept(context), ['a.yaml.reason']);
});

rejecting('servers do not take each other’s room', (context) => {
  const rejector = rejectorOf(context);
  fs.writeFileSync(inSpool(context, 'a.yaml'), 'x');
  rejectAll(rejector, context);

  assert.equal([rejector.count('web1'), rejector.count('mail')], [1, 0]);
});

rejecting.run();
