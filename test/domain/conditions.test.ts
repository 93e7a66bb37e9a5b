import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CONDITIONS,
  CONDITIONS_OF_PASSES,
  endingOf,
  isFailure,
  isHarmless,
  isOfFullPass,
  preventsConvergence,
  type Condition,
  type Problem,
} from '../../src/domain/conditions.ts';

const conditions = suite('conditions');

const ROOT = join(import.meta.dirname, '../../..');

/** What SPEC.md promises of all of them. */
const PARAGRAPH =
  /\*\*condition\*\* is well when it is `True`: (.*?), and by `status` alone (\w+)\. Not converged is one of (.*?); harmless, .*? are (.*?), and SpoolReadable but for its reasons (.*?)\. /;

/** For a reason that the table has not too: a status.json of another version may bring one. */
const problem = (condition: Condition, reason = 'Some'): Problem =>
  ({ condition, reason, message: '' }) as Problem;

conditions(
  'SPEC.md names each condition, and says of each what prevents convergence and what is harmless',
  () => {
    const told = PARAGRAPH.exec(readFileSync(join(ROOT, 'SPEC.md'), 'utf8').replaceAll(/\s+/g, ' ')) ?? [];
    const [, ofPasses = [], ofStatus = [], preventing = [], harmless = [], reasons = []] = told.map((text) =>
      text.split(/, | and /),
    );

    assert.equal(CONDITIONS_OF_PASSES, ofPasses);
    assert.equal(
      CONDITIONS.filter((condition) => !ofPasses.includes(condition)),
      ofStatus,
    );
    assert.equal(CONDITIONS.filter(preventsConvergence), preventing);
    assert.equal(
      CONDITIONS.filter((condition) => isHarmless(condition, 'Some')).sort(),
      [...harmless, 'SpoolReadable'].sort(),
    );
    assert.ok(reasons.length === 3);
    for (const reason of reasons) assert.not(isHarmless('SpoolReadable', reason), reason);
  },
);

conditions(
  'docs/troubleshooting.md has a row for each condition and reason, under the exit code it has',
  () => {
    const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
    const source = readFileSync(join(ROOT, 'src/domain/conditions.ts'), 'utf8');
    const tables = Array.from(source.matchAll(/^ {2}(\w+): \{[^}]*?reasons: \[([^\]]*)\]/gm));
    const wanted = tables.flatMap(([, condition = '', reasons = '']) =>
      Array.from(reasons.matchAll(/'(\w+)'/g), ([, reason = '']) => {
        const isPreventing = preventsConvergence(condition);
        const code = isPreventing ? 5 : isHarmless(condition, reason) ? 0 : 1;
        return `${condition} ${reason} ${code}`;
      }),
    );
    const told = page.split(/^### /m).flatMap((section) => {
      const code = /^.*\(exit code (\d)\)$/m.exec(section)?.[1];
      const rows = section.matchAll(/^\| `([A-Z]\w+)` `([A-Z]\w+)` \|/gm);
      return code === undefined ? [] : Array.from(rows, ([, ...names]) => [...names, code].join(' '));
    });

    assert.equal(tables.map(([, condition]) => condition).sort(), [...CONDITIONS].sort());
    assert.equal([...told].sort(), [...wanted].sort());
  },
);

conditions('what prevents convergence is never harmless, and a pass tries it again', () => {
  for (const condition of CONDITIONS.filter(preventsConvergence)) {
    assert.not(isHarmless(condition, 'Some'), condition);
    assert.ok(isFailure(problem(condition)), condition);
  }
});

conditions('what trying again may mend is tried again, and nothing else is', () => {
  assert.equal(
    CONDITIONS.filter((condition) => isFailure(problem(condition))),
    ['Converged', 'StateReadable', 'StateSaved', 'Committed', 'Unlocked', 'ControllerRunning'],
  );
});

conditions('what only full passes look for is as they found it in between', () => {
  assert.equal(
    CONDITIONS.filter((condition) => isOfFullPass(problem(condition))),
    ['SavedRulesLoad', 'OtherVariantClean'],
  );
});

conditions('a condition that only another version knows alarms, and prevents nothing', () => {
  for (const name of ['Novel', 'toString', '__proto__', '']) {
    assert.not(isHarmless(name, 'Some'));
    assert.not(preventsConvergence(name));
  }
});

conditions('a commit that failed is tried again, a detached HEAD is left to whoever made it', () => {
  assert.ok(isFailure(problem('Committed', 'GitFailed')));
  assert.not(isFailure(problem('Committed', 'Detached')));
});

conditions('of all that a pass found, the worst decides how it ends, in whatever order', () => {
  const [saved, policy, converged] = [problem('StateSaved'), problem('PolicyValid'), problem('Converged')];

  assert.is(endingOf([]), 'done');
  assert.is(endingOf([problem('SpoolBounded'), problem('HooksPresent')]), 'done');
  assert.is(endingOf([saved]), 'failed');
  assert.is(endingOf([saved, policy]), 'damaged');
  assert.is(endingOf([saved, policy, converged]), 'notConverged');
  assert.is(endingOf([converged, policy, saved]), 'notConverged');
});

conditions.run();
