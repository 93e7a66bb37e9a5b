import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Inbox } from '../../src/spool/inbox.ts';
import type { SpoolEntry, SpoolFiles } from '../../src/system/files/spool-files.ts';

const remembering = suite('inbox');

/** An inbox above folders that hold these many files, and how often each was listed. */
function inboxAbove(counts: Readonly<Record<string, number>>): {
  inbox: Inbox<string>;
  listed: Record<string, number>;
} {
  const listed: Record<string, number> = {};
  const entry = (name: string, isFolder: boolean): SpoolEntry => ({
    ...{ bytes: Buffer.from(name), name, isFolder },
    isFile: !isFolder,
  });
  const entries: SpoolFiles['entries'] = (folder) => {
    if (folder === '/spool') return Object.keys(counts).map((name) => entry(name, true));
    const server = folder.slice('/spool/'.length);
    listed[server] = (listed[server] ?? 0) + 1;
    return Array.from({ length: counts[server] ?? 0 }, (_, index) => entry(`${1000 + index}.yaml`, false));
  };
  const nothing = (): never => {
    throw new Error('an inbox opens no file');
  };
  const files: SpoolFiles = {
    ...{ entries, names: (folder: string) => entries(folder).map(({ name }) => name), isFolder: () => true },
    find: (_folder, bytes) => ({ ...entry(bytes.toString(), false), size: 0 }),
    ...{ read: nothing, measure: nothing, remove: nothing, moveAway: nothing },
  };
  return { inbox: new Inbox('/spool', files), listed };
}

remembering('a folder with a flood is not listed anew for each look, any other is', () => {
  const { inbox, listed } = inboxAbove({ flood: 100, web1: 2 });

  inbox.sweep();
  const found = inbox.sweep();

  assert.equal(listed, { flood: 1, web1: 2 });
  assert.is(found.waiting.get('flood')?.length, 100);
});

remembering('hears others beside a flood whose files a pass removes, and beside a crowd', () => {
  const { inbox } = inboxAbove({});
  const names = Array.from({ length: 100 }, (_, index) => `${index}.yaml`);
  inbox.crowd = new Set(['crowd']);
  inbox.took(names.map((name) => ({ server: 'flood', entry: { name } })));

  const heard = ['flood', 'crowd'].flatMap((server) =>
    names.map((name) => inbox.heard(server, Buffer.from(name))),
  );
  heard.push(inbox.heard('web1', Buffer.from('1.yaml')), inbox.heard('flood', Buffer.from('new.yaml')));

  assert.is(heard.indexOf(true), 200);
  assert.equal(
    inbox.hints.look().map(({ server, entry }) => `${server}/${entry.name}`),
    ['web1/1.yaml', 'flood/new.yaml'],
  );
});

remembering('what was taken out of a long list is not found in it again', () => {
  const { inbox } = inboxAbove({ flood: 100 });
  inbox.sweep();

  inbox.forget([
    { server: 'flood', name: '1000.yaml' },
    { server: 'flood', name: '1002.yaml' },
  ]);

  const names = inbox
    .sweep()
    .waiting.get('flood')
    ?.map(({ name }) => name);
  assert.equal(names?.slice(0, 2), ['1001.yaml', '1003.yaml']);
  assert.is(names?.length, 98);
});

remembering('what was set aside is there once', () => {
  const { inbox } = inboxAbove({});
  inbox.setAside(new Map([['web1/a.yaml', { stamp: '1', value: 'said' }]]));

  assert.equal([...inbox.takeAside().keys()], ['web1/a.yaml']);
  assert.is(inbox.takeAside().size, 0);
});

remembering('a crowd rests only where it was read, and somebody else spoke lately', () => {
  const { inbox } = inboxAbove({});
  inbox.crowd = new Set(['flood']);
  inbox.hasReadCrowd = true;

  inbox.rest(1_000);
  assert.is(inbox.isResting, false);

  inbox.yielded(true);
  inbox.hasReadCrowd = false;
  inbox.rest(1_000);
  assert.is(inbox.isResting, false);

  inbox.hasReadCrowd = true;
  inbox.rest(1_000);
  assert.is(inbox.isResting, true);

  inbox.crowd = new Set();
  assert.is(inbox.restLeft, 0);
});

remembering.run();
