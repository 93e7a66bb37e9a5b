import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { INTENT_NAME, sweep, type Sweep } from '../../src/spool/sweep.ts';
import type { SpoolEntry, SpoolFiles } from '../../src/system/files/spool-files.ts';

const sweeping = suite('sweep');

/** Folders and what stands in them; a name with a slash at its end is a folder. */
function sweepOf(tree: Readonly<Record<string, readonly string[]>>): Sweep {
  const entry = (name: string): SpoolEntry => ({
    bytes: Buffer.from(name),
    name: name.replace(/\/$/, ''),
    isFolder: name.endsWith('/'),
    isFile: !name.endsWith('/'),
  });
  const entries: SpoolFiles['entries'] = (folder) => (tree[folder] ?? []).map(entry);
  return sweep('/spool', { entries, isFolder: (folder) => folder in tree } as SpoolFiles);
}

const namesOf = ({ waiting }: Sweep): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Array.from(waiting, ([server, entries]) => [server, entries.map(({ name }) => name)]));

sweeping('each folder is a server, and its files are read in the order of their names', () => {
  const found = sweepOf({
    '/spool': ['web1/', 'mail/', 'idle/'],
    '/spool/web1': ['200-1-1.yaml', '100-1-2.yaml', '100-1-1.yaml'],
    '/spool/mail': ['x.yaml'],
  });

  assert.equal(namesOf(found), { web1: ['100-1-1.yaml', '100-1-2.yaml', '200-1-1.yaml'], mail: ['x.yaml'] });
  assert.equal(found.servers, ['idle', 'mail', 'web1']);
});

sweeping('temporary files of rsync and others are not read', () => {
  const found = sweepOf({
    '/spool': ['web1/'],
    '/spool/web1': [
      '.a.yaml.Xy12ab',
      '.hidden.yaml',
      'a.yaml.Xy12ab',
      'a.yaml~',
      'a.yml',
      'a.YAML',
      'notes',
      'a.yaml',
    ],
  });

  assert.equal(namesOf(found), { web1: ['a.yaml'] });
});

sweeping('a name that ends as an intent’s does is looked at, so that it can be refused', () => {
  const found = sweepOf({ '/spool': ['web1/'], '/spool/web1': ['a b.yaml', '-x.yaml', 'd.yaml/'] });

  assert.equal(namesOf(found), { web1: ['-x.yaml', 'a b.yaml', 'd.yaml'] });
});

sweeping('a folder that can be no server’s is told of and left alone', () => {
  const found = sweepOf({
    '/spool': ['Web1/', 'adopted/', 'a b/', '-x/', 'web1.yaml', '.ssh/', 'x'.repeat(64) + '/', 'local/'],
    '/spool/adopted': ['a.yaml'],
    '/spool/Web1': ['a.yaml'],
    '/spool/local': ['a.yaml'],
  });

  assert.equal(namesOf(found), { local: ['a.yaml'] });
  assert.equal(found.strangers, ['-x', 'Web1', 'a b', 'adopted', 'x'.repeat(64)]);
});

sweeping('an empty spool, or none, has nothing waiting; the two are told apart', () => {
  const nothing = { waiting: new Map(), strays: new Map(), servers: [], strangers: [], closed: [] };

  assert.equal(sweepOf({ '/spool': [] }), { isMissing: false, ...nothing });
  assert.equal(sweepOf({}), { isMissing: true, ...nothing });
});

sweeping('the names that an intent may have are those of the manual', () => {
  const good = ['1795330538250000000-4711-1.yaml', 'a.yaml', 'A_b-c.d.yaml', `${'x'.repeat(121)}.yaml`];
  const bad = [
    '.yaml',
    '-a.yaml',
    '_a.yaml',
    'a b.yaml',
    'a.yaml\n',
    'a/b.yaml',
    'ä.yaml',
    `${'x'.repeat(122)}.yaml`,
    'a\\x0a.yaml',
  ];

  assert.equal(
    [...good, ...bad].filter((name) => INTENT_NAME.test(name)),
    good,
  );
});

sweeping.run();
