import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { policyEventIn } from '../../src/policy/policy-history.ts';
import { formatTrial } from '../../src/policy/trial.ts';

const trial = suite('the history of the policy');

const UNTIL = Date.UTC(2026, 10, 22, 13, 32);
const TEXT = 'deny:\n  - { net: 192.0.2.0/24 }\n';

const COMMITTED = 1795354320_000;

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
  const patches = [
    ...[[removed(999)], [removed(1000)], [removed(0), EDITED]],
    ...[[ADDED], [EDITED], [BEGUN], []],
  ];

  assert.equal(
    patches.map((files) => policyEventIn(files.join('\n').split('\n'), COMMITTED)),
    [
      { what: 'reverted', why: 'unconfirmed' },
      { what: 'reverted' },
      { what: 'kept' },
      { what: 'tried', until: UNTIL },
      { what: 'edited' },
      undefined,
      undefined,
    ],
  );
});

trial.run();
