import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  mendOfClosedFiles,
  mendOfFolder,
  mendOfSpool,
  mendOfStranger,
  mendOfTaking,
  withMend,
} from '../../src/spool/mend-of-folder.ts';

const mending = suite('the mend of a folder of the spool', { folder: '' });

mending.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'banspool-mend-'));
});

mending.after.each(({ folder }) => {
  rmSync(folder, { recursive: true });
});

mending('lets root set no mode in it: whose it is does that, and follows no link', () => {
  assert.is(
    mendOfFolder('/spool/web1', 'banspool', 'forbidden'),
    'chown -h banspool /spool/web1 && runuser -u banspool -- chmod u+rwx /spool/web1',
  );
  assert.is(mendOfFolder('/spool/web1', 'root', 'forbidden'), 'chmod u+rwx /spool/web1');
  assert.match(mendOfFolder('/spool/web1', 'root', 'read-only'), /^mount -o remount,rw /);
});

mending('makes a spool that is missing, and says whom to let in again', ({ folder }) => {
  assert.match(mendOfSpool({ spool: `${folder}/none` }), `install -d -m 755 ${folder}/none`);
  assert.is(mendOfSpool({ spool: folder }), `chmod 755 ${folder}`);
});

mending('is none where all can be taken out of it', ({ folder }) => {
  for (const name of ['spool/web1', 'rejected/web1']) mkdirSync(join(folder, name), { recursive: true });
  const config = { spool: join(folder, 'spool'), rejected: join(folder, 'rejected') };

  assert.is(mendOfTaking(config, 'web1', 'root'), undefined);
  assert.equal(
    [withMend('x is wrong', undefined), withMend('x is wrong', 'y')],
    ['x is wrong', 'x is wrong; fix: y'],
  );
});

mending('removes files that a server closed, and nothing else of it', ({ folder }) => {
  for (const name of ['a.yaml', 'b.yaml'])
    execFileSync('install', ['-D', '/dev/null', join(folder, 'web1', name)]);
  chmodSync(join(folder, 'web1/a.yaml'), 0);
  const command = mendOfClosedFiles({ spool: folder }, 'root');
  // Root reads whatever is closed: the words are tried with what it can tell apart.
  execFileSync('sh', ['-c', command.replace('! -readable', '-perm 0')]);

  assert.equal(readdirSync(join(folder, 'web1')), ['b.yaml']);
  assert.match(mendOfClosedFiles({ spool: folder }, 'banspool'), /^runuser -u banspool -- find /);
});

mending('moves what is no server’s beside the spool, whatever its name', ({ folder }) => {
  const spool = join(folder, 'spool');
  for (const name of [`it's $(x)`, 'web1']) mkdirSync(join(spool, name), { recursive: true });

  execFileSync('sh', ['-c', mendOfStranger({ spool }, `it's $(x)`)]);

  assert.equal([readdirSync(folder), readdirSync(spool)], [[`it's $(x)`, 'spool'], ['web1']]);
});

mending.run();
