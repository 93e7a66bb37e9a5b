import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePolicyHistory } from '../../src/policy/policy-history.ts';
import { formatTrial } from '../../src/policy/trial.ts';

const trial = suite('the history of the policy');

const UNTIL = Date.UTC(2026, 10, 22, 13, 32);
const TEXT = 'deny:\n  - { net: 192.0.2.0/24 }\n';

const COMMITTED = 1795354320_000;

/** A commit as `git log -p -U0` prints it. */
function commit(...files: readonly string[]): string {
  return ['\0abc\x011795354320\x01Anna', '', ...files].join('\n');
}

const ADDED = [
  'diff --git a/policy.trial.yaml b/policy.trial.yaml',
  'new file mode 100644',
  '--- /dev/null',
  '+++ b/policy.trial.yaml',
  '@@ -0,0 +1,3 @@',
  ...formatTrial({ until: UNTIL, text: TEXT })
    .trimEnd()
    .split('\n')
    .map((line) => `+${line}`),
].join('\n');

/** Of a trial that ends so long after the second of the commit. */
function removed(milliseconds: number): string {
  return [
    'diff --git a/policy.trial.yaml b/policy.trial.yaml',
    'deleted file mode 100644',
    '--- a/policy.trial.yaml',
    '+++ /dev/null',
    '@@ -1,3 +0,0 @@',
    ...formatTrial({ until: COMMITTED + milliseconds, text: TEXT })
      .trimEnd()
      .split('\n')
      .map((line) => `-${line}`),
  ].join('\n');
}
const EDITED = ['diff --git a/policy.yaml b/policy.yaml', '--- a/policy.yaml', '+allow: []'].join('\n');
const BEGUN = ['diff --git a/policy.yaml b/policy.yaml', 'new file mode 100644', '+{}'].join('\n');

trial('tells out of git what became of one that was tried, by whatever hand that was', () => {
  const log = [
    ...[commit(removed(999)), commit(removed(1000)), commit(removed(0), EDITED)],
    ...[commit(ADDED), commit(EDITED), commit(BEGUN)],
  ].join('');

  assert.equal(
    parsePolicyHistory(log).map(({ what, until, why, author }) => [what, until, why, author]),
    [
      ['reverted', undefined, 'it was not confirmed', 'Anna'],
      ['reverted', undefined, undefined, 'Anna'],
      ['kept', undefined, undefined, 'Anna'],
      ['tried', UNTIL, undefined, 'Anna'],
      ['edited', undefined, undefined, 'Anna'],
    ],
  );
});

trial.run();
