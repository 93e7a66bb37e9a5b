import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aggregate } from '../../src/exports/aggregate.ts';
import type { Entry } from '../../src/exports/entry.ts';
import { entryOf } from './entries.ts';

const test = suite('merged entries');

function merged(entries: readonly Entry[]): readonly Entry[] {
  const work = aggregate(entries);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

test('are the nets that hold the same, and touch neither others nor the other family', () => {
  const entries = [
    '192.0.2.0/25',
    '192.0.2.9',
    '192.0.2.128/25',
    '192.0.3.0',
    '192.0.3.1',
    '192.0.3.2',
    '::',
    '::1',
  ];

  const texts = merged(entries.map((text) => entryOf(text))).map(({ net }) => net.text);

  assert.equal(texts, ['192.0.2.0/24', '192.0.3.0/31', '192.0.3.2', '::/127']);
});

test('that touch and are no halves of one net stay two', () => {
  const texts = merged(['192.0.2.1', '192.0.2.2'].map((text) => entryOf(text))).map(({ net }) => net.text);

  assert.equal(texts, ['192.0.2.1', '192.0.2.2']);
});

test('end with the last of those in them, and have the jails of all', () => {
  const [one, more] = merged([
    entryOf('192.0.2.0', { until: 5 }),
    entryOf('192.0.2.1', { until: 9, jails: ['postfix'] }),
  ]);

  assert.equal(one, entryOf('192.0.2.0/31', { until: 9, jails: ['postfix', 'sshd'] }));
  assert.is(more, undefined);
});

test.run();
