import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusedHints } from '../../../src/cli/text/refused-text.ts';

const test = suite('what to do about refused files');

test('is told once for each way, with the servers', () => {
  const hints = refusedHints([
    { server: 'web1', code: 'too-wide' },
    { server: 'web2', code: 'too-many-claims' },
    { server: 'web1', code: 'too-wide' },
    { server: 'mail', code: 'incomplete' },
    { server: 'mail', code: undefined },
    ...Array.from({ length: 7 }, (_, number) => ({ server: `s${number}`, code: 'odd' })),
  ]);

  assert.equal(hints, [
    'to allow it, change limits in policy.yaml; the next snapshot of web1, web2 then brings the ban again',
    'a transfer was interrupted; banspool-send on mail sends the ban again',
    'update banspool-send on mail, or correct the program that writes these files: see banspool-intent(5)',
    'find what else than banspool-send writes into the spool of s0, s1, s2, s3, s4 and 2 more',
  ]);
});

test.run();
