import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Ahead, type AheadFile } from '../../../src/spool/ahead/ahead.ts';
import type { SpoolEntry } from '../../../src/system/files/spool-files.ts';

const keeping = suite('what was enforced ahead');

const entryOf = (name: string): SpoolEntry => ({
  ...{ name, bytes: Buffer.from(name), isFolder: false, isFile: true },
});

const fileOf = (server: string, name: string): AheadFile => ({
  ...{ server, entry: entryOf(name), enforcedAt: 1 },
});

keeping('waits no more, and its server still has something to say', () => {
  const ahead = new Ahead();
  const waiting = new Map([
    ['web1', [entryOf('1.yaml'), entryOf('2.yaml')]],
    ['web2', [entryOf('1.yaml')]],
  ]);

  ahead.add([fileOf('web1', '1.yaml'), fileOf('web3', '1.yaml')]);

  const others = Array.from(ahead.without(waiting), ([server, list]) => [
    server,
    list.map(({ name }) => name),
  ]);
  assert.equal(others, [
    ['web1', ['2.yaml']],
    ['web2', ['1.yaml']],
    ['web3', []],
  ]);
});

keeping('is forgotten once a reading began with it, but for what came since', () => {
  const ahead = new Ahead();
  ahead.add([fileOf('web1', '1.yaml')]);
  ahead.without(new Map());
  ahead.add([fileOf('web1', '2.yaml')]);

  ahead.forgetRead();

  assert.equal(
    Array.from(ahead.files, ({ entry }) => entry.name),
    ['2.yaml'],
  );
});

keeping.run();
