import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Notes } from '../../src/ledger/notes.ts';

const notes = suite('notes');

notes('wait until they were told, each on its own', () => {
  const mine = new Notes();
  mine.add({ repairs: ['ipv4: put back a rule'], policyLines: ['policy: lifts 198.51.100.7'] });
  const [repair, policy] = mine.waiting;

  repair?.forget();
  const left = mine.waiting.map(({ message }) => message);
  policy?.forget();

  assert.equal(left, ['Record the effects of a policy change\n\npolicy: lifts 198.51.100.7\n']);
  assert.equal(mine.waiting, []);
});

notes('keep the newest hundred lines where git takes none', () => {
  const mine = new Notes();

  for (let line = 1; line <= 300; line += 1) mine.add({ repairs: [`line ${line}`], policyLines: [] });

  const lines = mine.waiting[0]?.message.trim().split('\n').slice(2);
  assert.is(lines?.length, 100);
  assert.is(lines?.at(0), 'line 201');
  assert.is(lines?.at(-1), 'line 300');
});

notes.run();
