import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judge, type Ended } from './judge.ts';

const test = suite('the verdict');

function ended(change: Partial<Ended>): Ended {
  const output = '• •   (2 / 2)\n\n  Total:     2\n  Passed:    2\n  Skipped:   0\n  Duration:  1.23ms\n\n';
  return { source: '', output, exitCode: 0, signal: null, killedAfter: undefined, ...change };
}

test('reads the summary through its colours', () => {
  const output = '\n  Total:     2\u001b[32m\n  Passed:    2\u001b[39m\n  Skipped:   0\n  Duration:  1ms\n';

  assert.equal(judge(ended({ output })), { passed: 2, failed: 0, reasons: [] });
});

test('of a whole summary and exit code 1 is a failure all the same', () => {
  assert.equal(judge(ended({ exitCode: 1 })), { passed: 2, failed: 1, reasons: ['exit code 1'] });
});

test('of a file that a signal ended names the signal', () => {
  const verdict = judge(ended({ exitCode: null, signal: 'SIGSEGV', output: '' }));

  assert.equal(verdict.reasons, ['ended by SIGSEGV', 'no summary: is .run() missing?']);
});

test('of a file that was killed says after how long', () => {
  const verdict = judge(ended({ exitCode: null, signal: 'SIGKILL', killedAfter: 120 }));

  assert.equal(verdict.reasons, ['did not end within 120 s']);
});

test.run();
