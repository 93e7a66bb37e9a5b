import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { showAmount, showProgress } from '../../src/cli/progress.ts';
import { eventually } from '../support/eventually.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('progress');

test('is shown on a terminal to who waits for longer, and wiped off at the end', async () => {
  const [person, script, quick] = [
    new HeardIo({ isTerminal: true }),
    new HeardIo(),
    new HeardIo({ isTerminal: true }),
  ];

  showProgress(quick, 'reading')();
  const done = [person, script].map((io) => showProgress(io, 'reading'));
  await eventually(() => {
    assert.match(person.stderr, /\rreading … \d+ s$/);
  });
  for (const end of done) end();

  assert.ok(person.stderr.endsWith(' s\r\u001b[K'));
  assert.equal([script.stderr, quick.stderr], ['', '']);
});

test('tells on a terminal how far something has come, and wipes that off at the end', async () => {
  const [person, script] = [new HeardIo({ isTerminal: true }), new HeardIo()];
  let amount = 0;

  const done = [person, script].map((io) => showAmount(io, () => `${(amount += 1)} of 9`));
  await eventually(() => {
    assert.match(person.stderr, /\r1 of 9\r2 of 9/);
  });
  for (const end of done) end();

  assert.match(person.stderr, /of 9\r\u001b\[K$/);
  assert.is(script.stderr, '');
});

test.run();
