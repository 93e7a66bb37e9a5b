import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Shown } from '../../../src/cli/plan/planned-changes.ts';
import { planText } from '../../../src/cli/plan/plan-text.ts';
import { UTC } from '../../../src/domain/words.ts';
import { HeardIo } from '../heard-io.ts';

const text = suite('the text of a plan');

const why = { code: 'unclaimed' } as const;
const NONE = { added: [], removed: [], moreAdded: 0, moreRemoved: 0 } as const;
const RULE: Shown = { family: 'ipv4', kind: 'insert', chain: 'INPUT', ...NONE };
const SET: Shown = { ...RULE, kind: 'change-set', chain: 'fail2ban-x' };

text('has one head for a place, and ends with how much it is and what makes it', () => {
  const changes: readonly Shown[] = [
    { ...RULE, removed: [{ rule: '-j x\u001b', why }] },
    { ...RULE, added: [{ rule: '-j y', why: undefined }] },
    { ...SET, added: [{ rule: '192.0.2.7', why: undefined }] },
  ];

  const printed = planText(new HeardIo(), changes, { zone: UTC, command: 'to apply: x' });

  assert.is(
    printed,
    'ipv4 INPUT\n  - -j x   not claimed, or in the wrong place\n  + -j y  \n' +
      'ipv4 fail2ban-x  set\n  + 192.0.2.7  \n' +
      '\n1 rule to add, 1 to remove; 1 set member to add, 0 to remove; to apply: x\n',
  );
});

text('says where there is nothing to do, and names no command where there is none', () => {
  const told = [[], [RULE]].map((changes) => planText(new HeardIo(), changes, { zone: UTC, command: '' }));

  assert.equal(told, ['nothing to change\n', 'ipv4 INPUT\n\n0 rules to add, 0 to remove\n']);
});

text.run();
