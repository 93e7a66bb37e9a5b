import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { leftOutLines, plannedLine, readLine, unreadLines } from '../../../src/cli/import/import-lines.ts';
import { readBanned } from '../../../src/cli/import/read-banned.ts';
import { DEFAULT_LIMITS } from '../../../src/policy/limit-schemas.ts';

const test = suite('what an import says');

test('counts what it read, and shows of a stranger nothing that a terminal obeys', () => {
  const banned = readBanned('1.2.3.4\n\u001b[31m\n10.0.0.1\n10.0.0.2\n10.0.0.3\n10.0.0.4\n', {
    ...{ format: 'plain', now: 0, madeAt: 0, length: 1, allowed: [], limits: DEFAULT_LIMITS },
  });

  assert.is(
    readLine('-', banned),
    'standard input has 6 lines of the format plain: 1 address or network to ban',
  );
  assert.equal(leftOutLines(banned), [
    'not imported: 4 private or reserved (10.0.0.1, 10.0.0.2, 10.0.0.3, …)',
  ]);
  assert.equal(unreadLines(banned.reading.unread), ['1 line is not understood: line 2 "[31m"']);
  assert.is(
    plannedLine({ batches: [], count: 1200, known: 1 }, 'imported'),
    '1,200 are new in the jail imported, 1 is there already',
  );
});

test.run();
