import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileStateOf, type FileState } from '../../src/spool/file-state.ts';
import type { SpoolRead } from '../../src/system/files/spool-files.ts';

const states = suite('the state of a file');

const CHANGED = Date.UTC(2026, 10, 22);

function stateOf(read: SpoolRead, { name = 'a.yaml', age = 0 } = {}): FileState {
  return fileStateOf({ bytes: Buffer.from(name), name, isFolder: false, isFile: true }, read, CHANGED + age);
}

const bytes = (text: string): SpoolRead => ({
  kind: 'bytes',
  bytes: Buffer.from(text),
  stamp: 'stamp',
  changedAt: CHANGED,
});

states('a file with its end marker is whole', () => {
  for (const text of ['intent: ban\n...\n', 'intent: ban\n...', 'intent: ban\r\n...\r\n', '...\n', '...']) {
    assert.is(stateOf(bytes(text)).kind, 'whole', JSON.stringify(text));
  }
});

states('a file without it is still growing', () => {
  for (const text of [
    '',
    'intent: ban\n',
    'intent: ban\n..',
    'intent: ban...\n',
    'x....\n',
    '...\nintent: ban\n',
    '...\n\n',
    '... \n',
  ]) {
    assert.equal(
      stateOf(bytes(text)),
      { kind: 'growing', until: CHANGED + 60_000, stamp: 'stamp' },
      JSON.stringify(text),
    );
  }
});

states('no beginning of a whole file is taken for the whole', () => {
  const line = fc.stringMatching(/^[a-z.:{} -]{0,12}$/).filter((text) => text !== '...');

  fc.assert(
    fc.property(fc.array(line), fc.nat(), (lines, cut) => {
      const text = [...lines, '...', ''].join('\n');
      const begun = text.slice(0, cut % (text.length - 1));

      if (!begun.endsWith('\n...') && begun !== '...') assert.is(stateOf(bytes(begun)).kind, 'growing');
      assert.is(stateOf(bytes(text)).kind, 'whole');
    }),
    { numRuns: 500 },
  );
});

states('a file that stands still without its end marker for a minute is refused', () => {
  assert.is(stateOf(bytes('intent: b'), { age: 59_999 }).kind, 'growing');
  assert.equal(stateOf(bytes('intent: b'), { age: 60_000 }), {
    kind: 'refused',
    refusal: { code: 'incomplete', seconds: 60 },
  });
});

states('a file out of the future is growing', () => {
  assert.is(stateOf(bytes('intent: b'), { age: -3_600_000 }).kind, 'growing');
});

states('a name that no sender gives is refused before its content counts', () => {
  for (const name of ['-x.yaml', 'a b.yaml', `${'x'.repeat(200)}.yaml`]) {
    const found = stateOf(bytes('a: b\n...\n'), { name });
    assert.equal(found, { kind: 'refused', refusal: { code: 'wrong-name' } });
  }
});

states('what is not a plain file is refused, and named', () => {
  const found = stateOf({ kind: 'odd', what: 'a symbolic link', size: 0 });

  assert.equal(found, { kind: 'refused', refusal: { code: 'odd', what: 'a symbolic link' } });
});

states('what is gone or may not be read is handed on as that', () => {
  assert.equal(stateOf({ kind: 'gone' }), { kind: 'gone' });
  assert.equal(stateOf({ kind: 'forbidden', reason: 'permission denied' }), {
    kind: 'forbidden',
    reason: 'permission denied',
  });
});

states.run();
