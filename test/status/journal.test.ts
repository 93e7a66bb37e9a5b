import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffStates } from '../../src/claims/diff.ts';
import type { Problem } from '../../src/domain/conditions.ts';
import { ADOPTED } from '../../src/domain/names.ts';
import { Journal } from '../../src/status/journal.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { ban, heard, IP, millis } from '../claims/said.ts';
import { passOf } from './pass-of.ts';

const journal = suite('the journal of passes');

/** A journal above what is known, and its lines with their levels. */
function open(...problems: readonly Problem[]): { readonly journal: Journal; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (line: string) => {
    lines.push(`${level}: ${line}`);
  };
  const log = { error: write('error'), warn: write('warn'), info: write('info') };
  return { journal: new Journal(log, { passProblems: problems, problems }), lines };
}

const UNSAVED: Problem = { condition: 'StateSaved', reason: 'WriteFailed', message: 'disk full' };

journal('says nothing of a pass that did nothing', () => {
  const { journal: mine, lines } = open();

  mine.passed(passOf());

  assert.equal(lines, []);
});

journal('tells of each ban, and what is taken over', () => {
  const { journal: mine, lines } = open();
  const banned = heard(5, ban(0, 600), ban(0, 600, { server: ADOPTED, ip: '198.51.100.7' }));

  mine.passed(passOf({ claimChanges: diffStates(heard(0), banned, millis(5)) }));

  assert.is(lines.length, 3);
  assert.ok(lines.some((line) => line.startsWith(`info: ban ${IP} in sshd by web1`)));
  assert.match(lines[2] ?? '', /^info: adopted 1 ban found on the firewall/);
});

journal('tells a problem when it comes and when it goes, and not while it lasts', () => {
  const [fresh, lasting, over] = [open(), open(UNSAVED), open(UNSAVED)];

  fresh.journal.passed(passOf({ problems: [UNSAVED] }));
  lasting.journal.passed(passOf({ problems: [UNSAVED] }));
  over.journal.passed(passOf());

  assert.equal(fresh.lines, ['error: StateSaved is false: disk full']);
  assert.equal([lasting.lines, over.lines], [[], ['info: StateSaved is true again']]);
});

journal('has twenty lines of one kind at the most, and three reasons to refuse files of a server', () => {
  const { journal: mine, lines } = open();
  const refused = Array.from({ length: 9 }, (_, index) => ({
    ...{ server: 'web1', name: `${index}.yaml` },
    refusal: { code: 'odd', what: `kind ${index % 5}` } as const,
  }));

  mine.passed(passOf({ refused, policyLines: Array.from({ length: 23 }, (_, index) => `line ${index}`) }));

  const [policy, others] = [lines.slice(0, 21), lines.slice(21)];
  assert.equal([policy[19], policy[20]], ['info: line 19', 'info: and 3 more lines of that kind']);
  assert.is(others.length, 4);
  assert.match(others[0] ?? '', /^warn: refused web1\/0.yaml: kind 0; .*, and 1 more$/);
  assert.is(others[3], 'warn: refused 3 more files from web1 for other reasons');
});

journal('tells once why a pass failed', () => {
  const error = new BanspoolError('locked', 'held by another', { hint: 'wait' });
  const first = open();
  first.journal.failed(error);
  const message = first.lines[0]?.replace('error: ', '') ?? '';
  const again = open({ condition: 'Unlocked', reason: 'HeldByAnother', message });

  again.journal.failed(error);

  assert.match(message, /held by another.*wait/);
  assert.equal(again.lines, []);
});

journal.run();
