import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Growing } from '../../src/spool/growing.ts';
import type { SpoolEntry } from '../../src/system/files/spool-files.ts';

const growing = suite('files that are not whole');

const entry = (name: string): SpoolEntry => ({
  bytes: Buffer.from(name),
  name,
  isFolder: false,
  isFile: true,
});
const names = (entries: readonly SpoolEntry[]): readonly string[] => entries.map(({ name }) => name);

growing('come after all else of their server, which alone counts as left to read', () => {
  const halves = new Growing();
  halves.note('web1/a.yaml', { stamp: '1', until: 60 });

  const { entries, others } = halves.order('web1', ['a.yaml', 'b.yaml', 'c.yaml'].map(entry));
  const ofAnother = halves.order('web2', [entry('a.yaml')]);

  assert.equal([names(entries), others], [['b.yaml', 'c.yaml', 'a.yaml'], 2]);
  assert.equal([names(ofAnother.entries), ofAnother.others], [['a.yaml'], 1]);
});

growing('are read again when they changed, and when their time is over', () => {
  const halves = new Growing();
  halves.note('web1/a.yaml', { stamp: '1', until: 60 });
  halves.note('web1/b.yaml', { stamp: '1', until: 90 });

  assert.ok(halves.isUnchanged('web1/a.yaml', '1'));
  assert.not(halves.isUnchanged('web1/a.yaml', '2'));
  assert.not(halves.isUnchanged('web1/a.yaml', undefined));
  assert.is(halves.nextGiveUp, 60);
  halves.expire(60);
  assert.not(halves.isUnchanged('web1/a.yaml', '1'));
  assert.is(halves.nextGiveUp, 90);
  halves.forget('web1/b.yaml');
  assert.is(halves.nextGiveUp, Infinity);
});

growing.run();
