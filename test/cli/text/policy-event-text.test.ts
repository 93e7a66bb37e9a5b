import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { policyEventText } from '../../../src/cli/text/policy-event-text.ts';
import { UTC } from '../../../src/domain/words.ts';

const test = suite('what became of a policy');

test('is told with when a trial ends, and why it ended', () => {
  const event = { commit: '0123abcd', time: 0, author: 'Anna' };
  const until = Date.UTC(2026, 10, 22, 13, 30);

  assert.is(policyEventText({ ...event, what: 'edited' }, UTC), 'policy edited');
  assert.is(
    policyEventText({ ...event, what: 'tried', until }, UTC),
    'policy tried until 2026-11-22 13:30:00 UTC',
  );
  assert.is(
    policyEventText({ ...event, what: 'reverted', why: 'it was not confirmed' }, UTC),
    'policy reverted: it was not confirmed',
  );
});

test.run();
