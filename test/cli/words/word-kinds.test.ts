import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { kindOfArguments, kindOfOption } from '../../../src/cli/words/word-kinds.ts';
import { wholeProgram } from '../manual/whole-program.ts';

const test = suite('the kind of words');

test('is told by the names of options and arguments', () => {
  assert.equal(
    ['--jail', '--server', '--limit'].map((long) => kindOfOption(long)),
    ['jails', 'claimants', undefined],
  );
  assert.is(kindOfArguments('list', ['address|net']), 'addresses');
  assert.is(kindOfArguments('refused', ['server']), 'claimants');
  assert.is(kindOfArguments('check', []), undefined);
});

test('is known of the commands that ask about what is there, and of none that makes something new', () => {
  const kinds = new Map(everyEntry(wholeProgram()).map(({ words, wants }) => [words.join(' '), wants]));

  for (const command of ['unban', 'why', 'history']) assert.is(kinds.get(command), 'addresses', command);
  for (const command of ['ban', 'server add', 'peers add', 'hub add'])
    assert.is(kinds.get(command), undefined, command);
  assert.equal([kinds.get('server remove'), kinds.get('peers remove')], ['servers', 'peers']);
});

test.run();
