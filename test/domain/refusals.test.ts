import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusalText } from '../../src/domain/refusals.ts';

const refusals = suite('refusals');

refusals('what is wrong with a file as a whole is told with what would be taken', () => {
  assert.is(
    refusalText({ code: 'wrong-name' }),
    'the file name is not 1-121 characters of A-Z a-z 0-9 . _ - followed by .yaml',
  );
  assert.is(
    refusalText({ code: 'odd', what: 'a symbolic link' }),
    'a symbolic link; an intent must be a plain file',
  );
  assert.is(
    refusalText({ code: 'incomplete', seconds: 60 }),
    'incomplete: the last line is not "..." after 60 s',
  );
});

refusals('a list of jails is told whole, however long the policy makes it', () => {
  const jails = Array.from({ length: 100 }, (_, index) => `jail-${index}`);

  const text = refusalText({ code: 'jail-not-listed', server: 'web1', jail: 'sshd', jails });

  assert.ok(text.endsWith('jail-99, not "sshd"'));
});

refusals('property: whatever a stranger wrote, the words are one short line of what can be seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (said) => {
      for (const text of [
        refusalText({ code: 'not-yaml', said }),
        refusalText({ code: 'anchor', name: said }),
        refusalText({ code: 'tag', name: said }),
        refusalText({ code: 'wrong-field', field: 'ip', fault: said }),
        refusalText({ code: 'missing-field', field: said, fault: said }),
      ]) {
        assert.not.match(text, /[\p{C}\p{Zl}\p{Zp}]/u);
        assert.ok(text.length <= 300);
      }
    }),
  );
});

refusals.run();
